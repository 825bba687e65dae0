-- =========================================================
-- Role: hoopdev_analytics_app_52fc05d5
-- Resource: analytics (192.168.18.54:5432)
-- Type: external
-- =========================================================
-- failed: nothing was planned, and the message of the plan says why

-- =========================================================
-- Role: hoopdev_analytics_people_85627d17
-- Resource: analytics (192.168.18.54:5432)
-- Type: external
-- =========================================================
-- failed: nothing was planned, and the message of the plan says why

-- =========================================================
-- Role: hoopdev_analytics_ops_7c727406
-- Resource: analytics (192.168.18.54:5432)
-- Type: external
-- =========================================================
-- failed: nothing was planned, and the message of the plan says why
