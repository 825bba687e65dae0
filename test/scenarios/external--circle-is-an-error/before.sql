CREATE ROLE reporting NOLOGIN;
CREATE ROLE hoopdev_analytics_app_52fc05d5 LOGIN;
COMMENT ON ROLE hoopdev_analytics_app_52fc05d5 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT hoopdev_analytics_app_52fc05d5 TO reporting;
