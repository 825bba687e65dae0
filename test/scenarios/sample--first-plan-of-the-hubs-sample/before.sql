CREATE DATABASE analytics;
CREATE DATABASE legacy;
CREATE DATABASE app;
-- database: analytics
CREATE TABLE events (id int PRIMARY KEY, at timestamptz);
-- database: legacy
CREATE TABLE customers (id int PRIMARY KEY, name text);
-- database: app
CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE teams (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY);
CREATE TABLE invoices (id int PRIMARY KEY);
