import {type FoundResponse, type FoundRun} from '../backfill/found.js';
import {type Log} from '../log.js';
import {idAt} from '../id-at.js';
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

type Row = {
	readonly id: string;
	readonly model: string;
	readonly prompt: string;
	readonly datetime_utc: string | null;
	readonly duration_ms: number | null;
};

type Call = RecordedResponse & {readonly row: Row};

/**
Make found runs of recorded ones, from the responses that were imported; others are not there for a run to have.
*/
export function createRecordReader(
	log: Log,
): (recorded: RecordedRun) => FoundRun {
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
		const output =
			known.values().find(({role}) => role === 'output')?.row ??
			outputOf(recorded);
		const calls = known
			.values()
			.filter(({id}) => id !== output?.id)
			.toArray()
			.toSorted(inOrder);
		const last = calls.findLast(({role}) => role === 'arbiter');
		const times = timesOf(recorded, output, calls);
		const ids = new Set(recorded.responses.map(({id}) => id));

		return {
			...aboutRun(recorded, output, last?.row ?? null),
			...times,
			id:
				output?.id ??
				madeId(
					times.startedAt,
					last?.id ?? recorded.recordedId ?? calls[0]?.id,
				),
			iterations:
				recorded.iterations ??
				Math.max(1, ...calls.map(({iteration}) => iteration ?? 1)),
			responses: [
				...calls.map(call => foundOf(call, call.id === last?.id)),
				...(output ? [outputPlace(output.id)] : []),
			],
			problems: problemsOf(ids.size - known.size),
			parent: null,
		};
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
		prompt: recorded.prompt ?? output?.prompt ?? '',
		confidence: recorded.confidence,
	};
}

const outputPlace = (id: string) =>
	foundOf({id, role: 'output', iteration: null, instance: null});

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

function timesOf(
	recorded: RecordedRun,
	output: Row | null,
	calls: ReadonlyArray<{readonly row: Row}>,
) {
	const rows = calls.map(({row}) => row);
	const first = Math.min(...rows.map(row => startOf(row)));
	const end = Math.max(
		...rows.map(row => startOf(row) + (row.duration_ms ?? 0)),
	);
	const startedAt = output
		? startOf(output)
		: rows.length > 0
			? first
			: (recorded.startedAt ?? 0);

	return {
		startedAt,
		durationMs:
			recorded.durationMs ??
			output?.duration_ms ??
			(rows.length > 0 ? end - startedAt : null),
	};
}

/**
So far apart are the beginning of a run and that of its output at most, which llm writes to another file.
*/
const toleranceMs = 60_000;

/**
The output of a run that the plug-in recorded, when llm's log was imported: its result names the run. The ids of that time begin with the time of the call.
*/
function createOutputFinder(log: Log): (run: RecordedRun) => Row | null {
	const find = log.prepare<[string, string, string], Row>(
		`SELECT id, model, prompt, datetime_utc, duration_ms FROM responses
		WHERE id BETWEEN ? AND ? AND instr(response_json, ?) > 0
			AND id IN (SELECT response_id FROM consortium_imported)`,
	);

	return ({recordedId, startedAt}) =>
		recordedId === null || startedAt === null
			? null
			: (find.get(
					idAt(startedAt - toleranceMs),
					`${idAt(startedAt + toleranceMs)}~`,
					JSON.stringify(recordedId),
				) ?? null);
}
