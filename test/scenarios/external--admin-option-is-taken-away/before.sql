CREATE ROLE reporting NOLOGIN;
CREATE ROLE hoopdev_analytics_app_52fc05d5 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_app_52fc05d5 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT reporting TO hoopdev_analytics_app_52fc05d5 WITH ADMIN OPTION;
CREATE ROLE colleague NOLOGIN;
