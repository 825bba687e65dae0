-- =========================================================
-- Role: hoopdev_analytics_people_85627d17
-- Resource: analytics (192.168.18.54:5432)
-- Type: external
-- =========================================================
-- failed: nothing was planned, and the message of the plan says why

-- =========================================================
-- Role: hoopdev_analytics_guests_26d65ead
-- Resource: analytics (192.168.18.54:5432)
-- Type: external
-- =========================================================
-- ROLE_PASSWORD_PLACEHOLDER stands for a password that is made at apply time.
\set ON_ERROR_STOP on

BEGIN;
CREATE ROLE "hoopdev_analytics_guests_26d65ead" WITH PASSWORD 'ROLE_PASSWORD_PLACEHOLDER' INHERIT LOGIN;
COMMENT ON ROLE "hoopdev_analytics_guests_26d65ead" IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT "hoopdev_analytics_people_85627d17" TO "hoopdev_analytics_guests_26d65ead";
COMMIT;

-- =========================================================
-- Role: hoopdev_analytics_old_7a6860f3
-- Resource: analytics (192.168.18.54:5432)
-- Type: orphaned
-- =========================================================
-- failed: nothing was planned, and the message of the plan says why
