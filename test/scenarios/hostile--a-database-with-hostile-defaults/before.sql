CREATE ROLE tenant LOGIN;
CREATE DATABASE analytics OWNER tenant;
-- Its owner may set whatever a session begins with, and shadow what an unqualified name means.
ALTER DATABASE analytics SET search_path = evil, pg_catalog;
ALTER DATABASE analytics SET standard_conforming_strings = off;
ALTER DATABASE analytics SET statement_timeout = '60s';
-- database: analytics
CREATE SCHEMA evil;
CREATE FUNCTION evil.aclexplode(aclitem[]) RETURNS TABLE (grantor oid, grantee oid, privilege_type text, is_grantable boolean) LANGUAGE sql AS 'SELECT 10::oid, 10::oid, ''SELECT''::text, false';
CREATE TABLE evil.pg_class (oid oid, relname name);
CREATE TABLE public.events (id int);
