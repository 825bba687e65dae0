CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
DO $$
BEGIN
  FOR n IN 1..40 LOOP
    EXECUTE format('CREATE TABLE t%s (id int)', n);
  END LOOP;
END
$$;
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO hoopdev_analytics_ro_6075a443;
REVOKE SELECT ON t7, t23 FROM hoopdev_analytics_ro_6075a443;
