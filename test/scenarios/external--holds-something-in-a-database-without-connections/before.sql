CREATE ROLE reporting NOLOGIN;
CREATE ROLE hoopdev_analytics_app_52fc05d5 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_app_52fc05d5 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE archive;
-- database: archive
CREATE TABLE invoices (id int);
GRANT SELECT ON invoices TO hoopdev_analytics_app_52fc05d5;
-- database: postgres
ALTER DATABASE archive ALLOW_CONNECTIONS false;
