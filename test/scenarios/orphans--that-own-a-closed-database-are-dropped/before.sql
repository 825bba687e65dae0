-- Nobody can connect to what it owns, so that it has to be given away from elsewhere.
CREATE ROLE app_owner NOLOGIN;
CREATE ROLE hoopdev_analytics_old_7a6860f3 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_old_7a6860f3 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
CREATE DATABASE archive ALLOW_CONNECTIONS false;
ALTER DATABASE archive OWNER TO hoopdev_analytics_old_7a6860f3;
