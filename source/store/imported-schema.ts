/**
Tables for what comes from other programs' databases, and for what was deleted; times are milliseconds since the Unix epoch, lists and objects are JSON.

A found run is a consortium's run in the log of another program. Its id is that of the response that is its answer, so that `consortium_id = id` marks final answers of all kinds; a run without such a response has an id made from its time and its final arbiter's id. `record` is what another program recorded of it, as long as responses that it names are missing. `responses.consortium_id` and `is_arbiter_response` say the same as `consortium_found_responses` in llm's words.

The view of earlier versions goes: no table that a view reads can be made anew under its name, as llm's migrations do it.

The latest deletion has the greatest number; `finished_at` is null while one goes on, and when it was cut off. A deletion is made in batches, each a transaction. A row in the trash is that of a run of `conversation_id`, null for what other programs logged; `row_id` is its id when it is a response or a run; large values of a row are beside it, under the names of their columns. The indexes after it find what builds on a run, and what is left of a conversation.
*/
export const importedSchema = `
	DROP VIEW IF EXISTS consortium_transcripts;
	CREATE TABLE consortium_sources (
		id TEXT PRIMARY KEY,
		path TEXT NOT NULL,
		first_at INTEGER NOT NULL,
		last_at INTEGER NOT NULL
	);
	CREATE TABLE consortium_imported (
		response_id TEXT PRIMARY KEY,
		source_id TEXT NOT NULL,
		generation INTEGER NOT NULL,
		extra TEXT
	) WITHOUT ROWID;
	CREATE TABLE consortium_found_runs (
		id TEXT PRIMARY KEY,
		output_id TEXT,
		recorded_id TEXT,
		consortium TEXT,
		arbiter TEXT,
		prompt TEXT NOT NULL,
		confidence REAL,
		iterations INTEGER NOT NULL,
		started_at INTEGER NOT NULL,
		duration_ms INTEGER,
		problems TEXT NOT NULL,
		parent TEXT,
		record TEXT,
		version INTEGER NOT NULL
	);
	CREATE INDEX idx_consortium_found_runs_parent
		ON consortium_found_runs (parent ->> '$.runId') WHERE parent IS NOT NULL;
	CREATE INDEX idx_consortium_found_runs_record
		ON consortium_found_runs (id) WHERE record IS NOT NULL;
	CREATE INDEX idx_consortium_found_runs_started_at
		ON consortium_found_runs (started_at, id);
	CREATE INDEX idx_consortium_found_runs_recorded_id
		ON consortium_found_runs (recorded_id);
	CREATE TABLE consortium_found_responses (
		response_id TEXT PRIMARY KEY,
		run_id TEXT,
		role TEXT CHECK (role IN ('output', 'member', 'arbiter')),
		is_arbiter_response INTEGER NOT NULL DEFAULT 0,
		iteration INTEGER,
		instance TEXT,
		score REAL,
		evidence TEXT NOT NULL,
		decided_by TEXT NOT NULL
			CHECK (decided_by IN ('record', 'evidence', 'person')),
		version INTEGER NOT NULL
	) WITHOUT ROWID;
	CREATE INDEX idx_consortium_found_responses_run_id
		ON consortium_found_responses (run_id);
	CREATE TABLE consortium_doubts (
		id TEXT PRIMARY KEY,
		run_id TEXT,
		response_id TEXT,
		kind TEXT NOT NULL,
		reason TEXT NOT NULL,
		proposals TEXT NOT NULL,
		score REAL,
		found_at INTEGER NOT NULL,
		decision TEXT,
		decided_at INTEGER,
		version INTEGER NOT NULL
	);
	CREATE INDEX idx_consortium_doubts_open
		ON consortium_doubts (found_at, id) WHERE decision IS NULL;
	CREATE TABLE consortium_deletions (
		number INTEGER PRIMARY KEY,
		id TEXT NOT NULL UNIQUE,
		at INTEGER NOT NULL,
		what TEXT NOT NULL,
		responses INTEGER NOT NULL,
		finished_at INTEGER
	);
	CREATE TABLE consortium_trash (
		deletion_id TEXT NOT NULL,
		batch INTEGER NOT NULL,
		seq INTEGER NOT NULL,
		table_name TEXT NOT NULL,
		row_id TEXT,
		conversation_id TEXT,
		row TEXT NOT NULL,
		PRIMARY KEY (deletion_id, batch, seq)
	) WITHOUT ROWID;
	CREATE TABLE consortium_trash_values (
		deletion_id TEXT NOT NULL,
		batch INTEGER NOT NULL,
		seq INTEGER NOT NULL,
		name TEXT NOT NULL,
		value BLOB NOT NULL,
		PRIMARY KEY (deletion_id, batch, seq, name)
	);
	CREATE INDEX idx_consortium_trash_conversation_id
		ON consortium_trash (conversation_id) WHERE conversation_id IS NOT NULL;
	CREATE INDEX idx_consortium_trash_row_id
		ON consortium_trash (row_id, table_name) WHERE row_id IS NOT NULL;
	CREATE INDEX idx_consortium_runs_previous_run_id
		ON consortium_runs (previous_run_id) WHERE previous_run_id IS NOT NULL;
	CREATE INDEX idx_consortium_runs_derived_from
		ON consortium_runs (derived_from) WHERE derived_from IS NOT NULL;
	CREATE INDEX idx_consortium_calls_extends
		ON consortium_calls (extends) WHERE extends IS NOT NULL;
	CREATE INDEX idx_consortium_events_carried
		ON consortium_events (call_id) WHERE type = 'call-carry';
	CREATE INDEX idx_consortium_doubts_run_id ON consortium_doubts (run_id);
	CREATE INDEX idx_consortium_doubts_response_id
		ON consortium_doubts (response_id);
`;
