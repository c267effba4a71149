import {type Log} from '../log.js';
import {readTime, timeOfId} from './times.js';
import {type Resolve} from './recorded-result.js';

/**
A row as the first look takes it in.
*/
export type ScannedRow = {
	readonly rowid: number;
	readonly id: string;
	readonly model: string;
	readonly prompt: string;
	readonly response: string;

	/**
	Milliseconds since the Unix epoch; null when neither its date nor its id tells.
	*/
	readonly start: number | null;
	readonly durationMs: number | null;

	/**
	Whether its JSON may be the record of a run.
	*/
	readonly mayBeResult: boolean;

	/**
	The run in which a person has put it; null when nobody has.
	*/
	readonly decidedRunId: string | null;
};

export type StoredRow = {
	readonly id: string;
	readonly prompt: string;
	readonly response: string;
};

/**
The responses of a database, whatever columns it has.
*/
export type Source = {
	readonly count: () => number;

	/**
	The rows behind a rowid, in the order of rowids, those of our own runs and those whose place is recorded left out, but for what may be the answer of another run; at most a batch, in one short read transaction.
	*/
	readonly batch: (after: number) => Iterable<ScannedRow>;

	/**
	The rowids behind an id, in the order of ids; at most a batch.
	*/
	readonly byId: (after: string) => ReadonlyArray<{id: string; rowid: number}>;
	readonly read: (rowid: number) => StoredRow | null;
	readonly idOf: (rowid: number) => string | null;

	/**
	Do what reads many rows in one read transaction: much faster, and others wait for its end to write, so that it is to be short.
	*/
	readonly together: <Value>(work: () => Value) => Value;

	/**
	A row's prompt with the fragments before it.
	*/
	readonly wholePrompt: (row: StoredRow) => string;
	readonly responseJson: (rowid: number) => string | null;
	readonly rowidOf: (id: string) => number | null;

	/**
	What llm's references in the JSON of this row stand for.
	*/
	readonly resolverOf: (row: StoredRow) => Resolve;

	/**
	The consortiums that are saved in the same file: their names.
	*/
	readonly savedNames: () => string[];

	/**
	How many responses a person or a record has placed in this run.
	*/
	readonly placedIn: (runId: string) => string[];
};

export const batchSize = 2000;

/**
A text longer than this is none that two rows are compared by.
*/
const maxText = 8_000_000;
const maxJson = 64_000_000;

/**
Look at what a database has; null when it has no responses to look for runs in.
*/
export function openSource(database: Log): Source | null {
	const columnsOf = (table: string) =>
		new Set(
			database
				.prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
				.pluck()
				.all(table),
		);
	const columns = columnsOf('responses');

	if (['id', 'model', 'prompt', 'response'].some(name => !columns.has(name))) {
		return null;
	}

	const has = (table: string, ...needed: string[]) => {
		const present = columnsOf(table);

		return needed.every(name => present.has(name));
	};

	const json = columns.has('response_json');
	const hasFragments =
		has('fragments', 'id', 'content') &&
		has('prompt_fragments', 'response_id', 'fragment_id') &&
		database.prepare('SELECT 1 FROM prompt_fragments LIMIT 1').get() !==
			undefined;
	const hasPlaces = has(
		'consortium_found_responses',
		'response_id',
		'run_id',
		'decided_by',
		'role',
	);

	const scan = database
		.prepare<[number, number], unknown[]>(
			scanStatement({columns, hasPlaces, has}),
		)
		.raw();
	const read = database.prepare<[number], StoredRow>(
		`SELECT id, ${short('prompt')} AS prompt, ${short('response')} AS response FROM responses WHERE rowid = ?`,
	);
	const responseJson = database
		.prepare<[number]>(
			`SELECT ${json ? `iif(octet_length(response_json) <= ${maxJson}, response_json, NULL)` : 'NULL'} FROM responses WHERE rowid = ?`,
		)
		.pluck();
	const byId = database.prepare<[string, number], {id: string; rowid: number}>(
		`SELECT id, rowid FROM responses
		WHERE id > ? AND typeof(id) = 'text' ORDER BY id LIMIT ?`,
	);
	const idOf = database
		.prepare<[number], string>('SELECT id FROM responses WHERE rowid = ?')
		.pluck();
	const rowidOf = database
		.prepare<[string], number>('SELECT rowid FROM responses WHERE id = ?')
		.pluck();
	const responseOf = database
		.prepare<[string]>(
			`SELECT ${short('response')} FROM responses WHERE id = ?`,
		)
		.pluck();
	const fragment = has('fragments', 'id', 'content')
		? database
				.prepare<[number]>('SELECT content FROM fragments WHERE id = ?')
				.pluck()
		: null;
	const fragmentsOf = hasFragments
		? database
				.prepare<[string]>(
					`SELECT content FROM prompt_fragments
					JOIN fragments ON fragments.id = fragment_id
					WHERE response_id = ? ORDER BY ${has('prompt_fragments', 'order') ? '"order"' : 'prompt_fragments.rowid'}`,
				)
				.pluck()
		: null;
	const together = database.transaction((work: () => unknown) => work());
	const placedIn = hasPlaces
		? database
				.prepare<[string], string>(
					`SELECT response_id FROM consortium_found_responses
					WHERE run_id = ? AND decided_by <> 'evidence'`,
				)
				.pluck()
		: null;

	return {
		count: () =>
			database
				.prepare<[], number>('SELECT count(*) FROM responses')
				.pluck()
				.get()!,
		*batch(after) {
			for (const row of scan.iterate(after, batchSize)) {
				yield scanned(row);
			}
		},
		byId: after => byId.all(after, batchSize),
		read(rowid) {
			const row = read.get(rowid);
			return row
				? {
						id: plain(row.id),
						prompt: plain(row.prompt),
						response: plain(row.response),
					}
				: null;
		},
		idOf: rowid => idOf.get(rowid) ?? null,
		together: work => together(work) as ReturnType<typeof work>,
		wholePrompt: ({id, prompt}) =>
			[...(fragmentsOf?.all(id) ?? []).map(each => plain(each)), prompt]
				.filter(text => text !== '')
				.join('\n'),
		responseJson(rowid) {
			const value = responseJson.get(rowid);
			return typeof value === 'string' ? value : null;
		},
		rowidOf: id => rowidOf.get(id) ?? null,
		resolverOf: row => key => {
			const value = key.startsWith('r:')
				? key.slice(2) === row.id
					? row.response
					: responseOf.get(key.slice(2))
				: /^f:?\d{1,15}$/.test(key)
					? fragment?.get(Number(key.replaceAll(/\D/g, '')))
					: undefined;
			return typeof value === 'string' ? value : null;
		},
		savedNames: () =>
			['consortium_configs', 'llm_consortium_configs']
				.filter(table => has(table, 'name'))
				.flatMap(table =>
					database.prepare<[]>(`SELECT name FROM ${table}`).pluck().all(),
				)
				.filter(name => typeof name === 'string'),
		placedIn: runId => placedIn?.all(runId) ?? [],
	};
}

const short = (column: string) =>
	`iif(octet_length(${column}) <= ${maxText}, ${column}, NULL)`;

function scanStatement({
	columns,
	hasPlaces,
	has,
}: {
	readonly columns: ReadonlySet<string>;
	readonly hasPlaces: boolean;
	readonly has: (table: string, ...needed: string[]) => boolean;
}): string {
	const orNull = (name: string) => (columns.has(name) ? name : 'NULL');
	const ours = [
		['consortium_calls', 'transcript_id'],
		['consortium_runs', 'conversation_id'],
	]
		// The plug-in has tables of these names too, with other columns.
		.filter(([table, column]) => has(table!, 'id', column!))
		.map(
			([table]) =>
				`AND NOT EXISTS (SELECT 1 FROM ${table} AS ours WHERE ours.id = responses.id)`,
		)
		.join(' ');
	const mayBeResult = columns.has('response_json')
		? `instr(response_json, '"original_prompt"') > 0`
		: '0';
	// What a record calls a member may be the answer of a run that it does not tell of.
	const isUnsettled = hasPlaces
		? `AND CASE decided_by
				WHEN 'record' THEN role <> 'output' AND ${mayBeResult}
				WHEN 'person' THEN run_id IS NOT NULL
				ELSE 1
			END`
		: '';

	return `
		SELECT responses.rowid, responses.id, responses.model,
			${short('responses.prompt')}, ${short('responses.response')},
			${orNull('duration_ms')}, ${orNull('datetime_utc')},
			${mayBeResult},
			${hasPlaces ? "iif(decided_by = 'person', run_id, NULL)" : 'NULL'}
		FROM responses
		${
			hasPlaces
				? `LEFT JOIN consortium_found_responses AS places
					ON places.response_id = responses.id AND decided_by <> 'evidence'`
				: ''
		}
		WHERE responses.rowid > ? AND responses.rowid <= ${Number.MAX_SAFE_INTEGER}
			AND typeof(responses.id) = 'text' ${ours} ${isUnsettled}
		ORDER BY responses.rowid LIMIT ?`;
}

function scanned([
	rowid,
	id,
	model,
	prompt,
	response,
	duration,
	datetime,
	mayBeResult,
	runId,
]: unknown[]): ScannedRow {
	return {
		rowid: rowid as number,
		id: plain(id),
		model: plain(model),
		prompt: plain(prompt),
		response: plain(response),
		start: readTime(datetime) ?? timeOfId(plain(id)),
		durationMs:
			typeof duration === 'number' && duration >= 0 && duration < 1e9
				? duration
				: null,
		mayBeResult: mayBeResult === 1,
		decidedRunId: typeof runId === 'string' ? runId : null,
	};
}

/**
A column may hold anything; nothing but text and numbers is read.
*/
function plain(value: unknown): string {
	return typeof value === 'string'
		? value
		: typeof value === 'number'
			? String(value)
			: '';
}
