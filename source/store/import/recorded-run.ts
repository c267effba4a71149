import {type FoundResponse, type FoundRun} from '../backfill/found.js';
import {type Log} from '../log.js';
import {createOutputFinder, type Row} from './output-finder.js';
import {madeId, momentOf, momentOfId} from './values.js';

/**
What a record is worth beside evidence, which never reaches it.
*/
const recordedScore = 100;

/**
A response as a foreign log says it took part in a run.
*/
export type RecordedResponse = {
	readonly id: string;
	readonly role: FoundResponse['role'];
	readonly iteration: number | null;
	readonly instance: string | null;
};

/**
A run as a foreign log says it was; null for what it does not say.
*/
export type RecordedRun = {
	readonly recordedId: string | null;
	readonly consortium: string | null;
	readonly arbiter: string | null;
	readonly prompt: string | null;
	readonly confidence: number | null;
	readonly iterations: number | null;

	/**
	Milliseconds since the Unix epoch.
	*/
	readonly startedAt: number | null;
	readonly durationMs: number | null;
	readonly responses: readonly RecordedResponse[];
};

/**
What a record comes to, and how many of the responses it names are not in the log.
*/
export type ReadRecord = {readonly run: FoundRun; readonly missing: number};

type Call = RecordedResponse & {readonly row: Row};

/**
Make found runs of recorded ones, from the responses that were imported; others are not there for a run to have.
*/
export function createRecordReader(
	log: Log,
): (recorded: RecordedRun) => ReadRecord {
	const find = log.prepare<[string], Row>(
		`SELECT id, model, prompt, datetime_utc, duration_ms FROM responses
		WHERE id = ? AND id IN (SELECT response_id FROM consortium_imported)`,
	);
	const outputOf = createOutputFinder(log);

	return recorded => {
		const known = new Map(
			recorded.responses.flatMap(response => {
				const row = find.get(response.id);
				return row ? [[response.id, {...response, row}] as const] : [];
			}),
		);
		const named = known.values().find(({role}) => role === 'output')?.row;
		const calls = known
			.values()
			.filter(({id}) => id !== named?.id)
			.toArray()
			.toSorted(inOrder);
		const last = calls.findLast(({role}) => role === 'arbiter');
		const times = timesOf(recorded, named ?? null, calls);
		const output = named ?? outputOf(recorded.recordedId, times.startedAt);
		const ids = new Set(recorded.responses.map(({id}) => id));
		const missing = ids.size - known.size;
		const run = {
			...aboutRun(recorded, output, last?.row ?? null),
			...times,
			durationMs: times.durationMs ?? output?.duration_ms ?? null,
			id:
				output?.id ??
				madeId(
					times.startedAt,
					last?.id ?? recorded.recordedId ?? calls[0]?.id,
				),
			iterations: Math.max(
				recorded.iterations ?? 0,
				...calls.map(({iteration}) => iteration ?? 1),
			),
			responses: [
				...calls.map(call => foundOf(call, call.id === last?.id)),
				...(output ? [outputPlace(output.id)] : []),
			],
			problems: problemsOf(missing),
			parent: null,
		};

		return {run, missing};
	};
}

function aboutRun(
	recorded: RecordedRun,
	output: Row | null,
	arbiter: Row | null,
) {
	return {
		outputId: output?.id ?? null,
		recordedId: recorded.recordedId,
		consortium: recorded.consortium ?? output?.model ?? null,
		arbiter: recorded.arbiter ?? arbiter?.model ?? null,
		prompt: firstText(recorded.prompt, output?.prompt),
		confidence: recorded.confidence,
	};
}

function firstText(...texts: ReadonlyArray<string | null | undefined>): string {
	return texts.find(Boolean) ?? '';
}

/**
The place of a run's answer.
*/
function outputPlace(id: string): FoundResponse {
	return foundOf({id, role: 'output', iteration: null, instance: null});
}

function problemsOf(missing: number): string[] {
	return missing === 0
		? []
		: [
				missing === 1
					? 'One of its answers is not in the log.'
					: `${missing} of its answers are not in the log.`,
			];
}

function inOrder(one: Call, other: Call): number {
	const order = placeOf(one) - placeOf(other);
	return order === 0 ? (one.id < other.id ? -1 : 1) : order;
}

/**
Iterations are far further apart than the calls in them.
*/
function placeOf({iteration, row}: Call): number {
	return (iteration ?? 0) * 1e13 + startOf(row);
}

function foundOf(
	{id, role, iteration, instance}: RecordedResponse,
	isFinal = false,
): FoundResponse {
	return {
		responseId: id,
		role,
		isArbiterResponse: role === 'arbiter' ? (isFinal ? 1 : 2) : 0,
		iteration,
		instance,
		evidence: ['recorded'],
		score: recordedScore,
	};
}

function startOf({id, datetime_utc}: Row): number {
	return momentOf(datetime_utc) ?? momentOfId(id) ?? 0;
}

/**
When a run began and how long it took, by its calls: these are the same whether or not its answer, which llm writes to another file, was imported before.
*/
function timesOf(
	recorded: RecordedRun,
	named: Row | null,
	calls: ReadonlyArray<{readonly row: Row}>,
) {
	const rows = calls.map(({row}) => row);
	const starts = rows.map(row => startOf(row)).filter(start => start > 0);
	const startedAt =
		starts.length > 0
			? Math.min(...starts)
			: (recorded.startedAt ?? (named ? startOf(named) : 0));
	const end = Math.max(
		...rows.map(row => startOf(row) + (row.duration_ms ?? 0)),
	);

	return {
		startedAt,
		durationMs:
			recorded.durationMs ?? (starts.length > 0 ? end - startedAt : null),
	};
}
