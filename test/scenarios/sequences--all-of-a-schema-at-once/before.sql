CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE events (id serial PRIMARY KEY, what text);
CREATE TABLE visits (id bigserial PRIMARY KEY, what text);
