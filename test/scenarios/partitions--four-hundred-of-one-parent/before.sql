CREATE ROLE hoopdev_analytics_ro_6075a443 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_ro_6075a443 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_ro_6075a443;
-- database: analytics
GRANT USAGE ON SCHEMA public TO hoopdev_analytics_ro_6075a443;
CREATE TABLE measures (id int) PARTITION BY LIST (id);
DO $$
BEGIN
  FOR n IN 1..400 LOOP
    EXECUTE format('CREATE TABLE measures_%s PARTITION OF measures FOR VALUES IN (%s)', n, n);
  END LOOP;
END
$$;
INSERT INTO measures VALUES (7);
CREATE TABLE sensors (id int);
GRANT SELECT ON sensors TO hoopdev_analytics_ro_6075a443;
GRANT DELETE ON measures_7, measures_23, measures_391 TO hoopdev_analytics_ro_6075a443;
