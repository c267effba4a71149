const usageColumns = `
	input_tokens INTEGER,
	cached_tokens INTEGER,
	cache_write_tokens INTEGER,
	output_tokens INTEGER,
	reasoning_tokens INTEGER,
	cost_usd REAL`;

/**
Our tables, beside llm's. Each row keeps the `seq` of the event it was made from, so that a run's events can be told again in order; times are milliseconds since the Unix epoch; lists and objects are JSON.

What stands elsewhere is not stored twice: a finished call's text and its reply in the provider's own shape are in `responses` (same id), and so is the whole result of a run. `consortium_chunks` holds only what is streaming. A transcript is the chain of committed calls along `extends`, so a fork shares all that came before it.
*/
const tables: Readonly<Record<string, string>> = {
	consortium_runs: `
		id TEXT PRIMARY KEY,
		conversation_id TEXT NOT NULL,
		turn INTEGER NOT NULL,
		previous_run_id TEXT,
		kind TEXT NOT NULL,
		derived_from TEXT,
		consortium TEXT NOT NULL,
		config TEXT NOT NULL,
		prompt TEXT NOT NULL,
		instances TEXT NOT NULL,
		arbiters TEXT NOT NULL,
		simulated INTEGER NOT NULL,
		seed INTEGER NOT NULL,
		templates TEXT NOT NULL,
		seq INTEGER NOT NULL,
		started_at INTEGER NOT NULL,
		pid INTEGER NOT NULL,
		host TEXT NOT NULL,
		status TEXT,
		exit_code INTEGER,
		reasons TEXT,
		answer TEXT,
		confidence REAL,
		final_call_id TEXT,
		${usageColumns},
		cost_is_complete INTEGER,
		duration_ms INTEGER,
		end_seq INTEGER,
		ended_at INTEGER`,
	consortium_calls: `
		id TEXT PRIMARY KEY,
		run_id TEXT NOT NULL,
		iteration INTEGER NOT NULL,
		speaker TEXT NOT NULL,
		purpose TEXT NOT NULL,
		model TEXT NOT NULL,
		transcript_id TEXT NOT NULL,
		extends TEXT,
		system_hash TEXT,
		options TEXT NOT NULL,
		template_hash TEXT,
		message TEXT NOT NULL,
		labels TEXT,
		seq INTEGER NOT NULL,
		started_at INTEGER NOT NULL,
		sent_at INTEGER,
		state TEXT,
		thinking TEXT,
		streamed TEXT,
		final TEXT,
		confidence REAL,
		failure TEXT,
		abort TEXT,
		stop TEXT,
		resolved_model TEXT,
		request_id TEXT,
		committed INTEGER,
		${usageColumns},
		first_token_ms INTEGER,
		duration_ms INTEGER,
		end_seq INTEGER,
		ended_at INTEGER`,
	consortium_attempts: `
		run_id TEXT NOT NULL,
		call_id TEXT NOT NULL,
		attempt INTEGER NOT NULL,
		max_attempts INTEGER NOT NULL,
		kind TEXT NOT NULL CHECK (kind IN ('wait', 'broken')),
		delay_ms INTEGER NOT NULL,
		failure TEXT NOT NULL,
		text TEXT NOT NULL,
		thinking TEXT NOT NULL,
		streamed TEXT NOT NULL,
		seq INTEGER NOT NULL,
		at INTEGER NOT NULL,
		PRIMARY KEY (run_id, seq)`,
	consortium_verdicts: `
		run_id TEXT NOT NULL,
		iteration INTEGER NOT NULL,
		arbiter TEXT NOT NULL,
		call_id TEXT NOT NULL,
		labels TEXT NOT NULL,
		synthesis TEXT,
		confidence REAL,
		needs_iteration INTEGER,
		analysis TEXT NOT NULL,
		dissent TEXT NOT NULL,
		refinement_areas TEXT NOT NULL,
		ranking TEXT NOT NULL,
		agreeing TEXT NOT NULL,
		agreement REAL,
		problems TEXT NOT NULL,
		raw TEXT NOT NULL,
		seq INTEGER NOT NULL,
		at INTEGER NOT NULL,
		PRIMARY KEY (run_id, seq)`,
	consortium_events: `
		run_id TEXT NOT NULL,
		seq INTEGER NOT NULL,
		at INTEGER NOT NULL,
		type TEXT NOT NULL,
		call_id TEXT,
		body TEXT NOT NULL,
		PRIMARY KEY (run_id, seq)`,
	consortium_chunks: `
		run_id TEXT NOT NULL,
		call_id TEXT NOT NULL,
		channel TEXT NOT NULL,
		text TEXT NOT NULL,
		seq INTEGER NOT NULL,
		at INTEGER NOT NULL,
		PRIMARY KEY (call_id, seq)`,
	consortium_ratings: `
		id TEXT PRIMARY KEY,
		run_id TEXT NOT NULL,
		call_id TEXT,
		source TEXT NOT NULL CHECK (source IN ('person', 'arbiter', 'benchmark')),
		score REAL NOT NULL,
		note TEXT,
		at INTEGER NOT NULL`,
	consortium_texts: `
		hash TEXT PRIMARY KEY,
		text TEXT NOT NULL`,
	consortium_templates: `
		hash TEXT PRIMARY KEY,
		name TEXT NOT NULL,
		text TEXT NOT NULL`,
};

export const consortiumTables: readonly string[] = Object.keys(tables);

const indexes = `
	CREATE INDEX IF NOT EXISTS idx_responses_consortium_id ON responses (consortium_id);
	CREATE INDEX idx_consortium_runs_conversation_id ON consortium_runs (conversation_id);
	CREATE INDEX idx_consortium_calls_run_id ON consortium_calls (run_id);
	CREATE INDEX idx_consortium_calls_transcript_id ON consortium_calls (transcript_id);
	CREATE INDEX idx_consortium_ratings_run_id ON consortium_ratings (run_id);
`;

const transcripts = `
	CREATE VIEW consortium_transcripts AS
	SELECT
		calls.transcript_id,
		calls.id AS call_id,
		calls.extends AS parent_call_id,
		calls.run_id,
		calls.speaker,
		calls.model,
		calls.message,
		responses.response AS answer,
		responses.response_json AS native
	FROM consortium_calls AS calls
	JOIN responses ON responses.id = calls.id
	WHERE calls.committed = 1;
`;

export const consortiumSchema = [
	...Object.entries(tables).map(
		([name, columns]) => `CREATE TABLE ${name} (${columns});`,
	),
	indexes,
	transcripts,
].join('\n');
