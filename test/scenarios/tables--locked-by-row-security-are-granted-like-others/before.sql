CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE events (id int, tenant text);
INSERT INTO events VALUES (1, 'a'), (2, 'b');
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON events USING (tenant = 'a');
