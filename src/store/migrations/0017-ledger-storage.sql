-- By place in the log: what the record has not taken yet is found without reading all that was ever sealed.
CREATE UNIQUE INDEX sealed_place ON sealed (log, index);

-- Rows that come and go. Without a vacuum of their own they would lie among thousands of dead ones.
ALTER TABLE intent SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
ALTER TABLE pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Statements of about two kilobytes stay in their row: moved apart, each would be two rows more and a compression.
ALTER TABLE decision SET (toast_tuple_target = 8160);
ALTER TABLE intent SET (toast_tuple_target = 8160);
