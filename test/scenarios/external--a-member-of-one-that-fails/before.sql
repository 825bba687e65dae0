CREATE ROLE app_owner NOLOGIN;
CREATE ROLE hoopdev_analytics_old_7a6860f3 NOLOGIN;
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE ROLE hoopdev_analytics_people_85627d17 LOGIN;
COMMENT ON ROLE hoopdev_analytics_people_85627d17 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
