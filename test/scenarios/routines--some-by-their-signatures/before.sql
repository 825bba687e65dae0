CREATE ROLE hoopdev_analytics_app_52fc05d5 LOGIN PASSWORD 'known to the people';
COMMENT ON ROLE hoopdev_analytics_app_52fc05d5 IS 'Managed in Git, do not change by hand [rolewright acme/access]';
CREATE DATABASE analytics;
GRANT CONNECT ON DATABASE analytics TO hoopdev_analytics_app_52fc05d5;
-- database: analytics
CREATE SCHEMA api;
GRANT USAGE ON SCHEMA api TO hoopdev_analytics_app_52fc05d5;
CREATE TYPE api.a_type_with_a_long_name_for_a_signature AS (id int);
CREATE FUNCTION api.plus(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a + b';
CREATE FUNCTION api.plus(a text, VARIADIC b text[]) RETURNS text LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION api.long(a api.a_type_with_a_long_name_for_a_signature, b api.a_type_with_a_long_name_for_a_signature) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION api.rows(n int, OUT a int, OUT b text) RETURNS SETOF record LANGUAGE sql AS 'SELECT 1, NULL::text';
CREATE PROCEDURE api.work(INOUT a int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE api.total(int) (SFUNC = int4pl, STYPE = int);
CREATE FUNCTION api."Odd "" name"() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA api FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.plus(int, int) TO hoopdev_analytics_app_52fc05d5;
