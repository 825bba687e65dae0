CREATE DATABASE analytics;
-- database: analytics
CREATE SCHEMA api;
CREATE TYPE api.a_type_with_a_long_name_for_a_signature AS (id int);
CREATE FUNCTION api.plus(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a + b';
CREATE FUNCTION api.plus(a text, b text) RETURNS text LANGUAGE sql AS 'SELECT a || b';
CREATE FUNCTION api.long(a api.a_type_with_a_long_name_for_a_signature, b api.a_type_with_a_long_name_for_a_signature) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE api.work() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE api.total(int) (SFUNC = int4pl, STYPE = int);
REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA api FROM PUBLIC;
