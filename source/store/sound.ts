import {type ColumnDefinition} from 'better-sqlite3';
import {type RunEvent} from '../core/events.js';
import {deepest} from '../core/nesting.js';

/**
The JavaScript types of the columns as they are declared. SQLite itself takes anything anywhere.
*/
const columnTypes: Readonly<Record<string, string>> = {
	TEXT: 'string',
	INTEGER: 'number',
	REAL: 'number',
};

/**
Check that each value of a row is null or of the type its column was declared with.

@throws TypeError when one is not.
*/
export function assertRow(
	columns: readonly ColumnDefinition[],
	row: object,
): void {
	const values: Readonly<Record<string, unknown>> = {...row};

	for (const {name, type} of columns) {
		const value = values[name];
		const expected = columnTypes[type ?? ''];

		if (value !== null && expected !== undefined && typeof value !== expected) {
			throw new TypeError(`${name} is no ${expected}.`);
		}
	}
}

type Check = (value: unknown) => boolean;

const text: Check = value => typeof value === 'string';
const number: Check = value => typeof value === 'number';
const orNull =
	(check: Check): Check =>
	value =>
		value === null || check(value);
const list =
	(check: Check): Check =>
	value =>
		Array.isArray(value) && value.every(item => check(item));
const record =
	(fields: Readonly<Record<string, Check>> = {}): Check =>
	value => {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) {
			return false;
		}

		const values: Readonly<Record<string, unknown>> = {...value};
		return Object.entries(fields).every(([name, check]) => check(values[name]));
	};

const texts = list(text);

const limits = record({timeoutSeconds: number, budgetUsd: orNull(number)});

const consortium = record({
	name: text,
	members: list(record({slot: text, model: text, count: number})),
	arbiters: list(record({model: text})),
	strategies: list(record({name: text, params: record()})),
	confidenceThreshold: number,
	maxIterations: number,
	limits,
});

const speakers = list(record({id: text, model: text, transcriptId: text}));

const failure = record({kind: text, message: text});

const brokenAttempts = list(record({text, failure}));

const callStart = {
	callId: text,
	speaker: text,
	model: text,
	options: record(),
	message: texts,
	labels: orNull(record()),
	cache: orNull(record()),
};

const outcome = record({
	state: text,
	text,
	thinking: text,
	failure: orNull(failure),
	native: orNull(record({protocol: text, items: list(() => true)})),
	usage: record(),
	durationMs: number,
	brokenAttempts,
});

const verdict = record({
	analysis: text,
	dissent: list(record({text, who: texts})),
	refinementAreas: texts,
	ranking: list(texts),
	groups: list(texts),
	problems: texts,
});

const result = record({
	status: text,
	reasons: texts,
	consortium,
	iterations: list(
		record({
			instances: list(record({id: text, callId: text, answer: text})),
			verdicts: list(verdict),
		}),
	),
	usage: record(),
	startedAt: text,
});

/**
What the readers of an event take for granted.
*/
const shapes: Readonly<
	Record<RunEvent['type'], Readonly<Record<string, Check>>>
> = {
	'run-start': {
		consortium,
		instances: speakers,
		arbiters: speakers,
		templates: record(),
	},
	'run-resume': {limits},
	decision: {iteration: number, strategy: text, action: text, reason: text},
	observation: {iteration: number, observation: record({kind: text})},
	'iteration-start': {iteration: number, instances: texts},
	'call-start': callStart,
	'call-send': {callId: text, attempt: number},
	'call-delta': {callId: text, channel: text, text},
	'call-retry': {failure},
	'call-end': {outcome},
	'answer-delta': {callId: text, text},
	control: {verb: text, by: text, callIds: texts},
	'call-carry': {
		callId: text,
		iteration: number,
		carriedFrom: text,
		start: record({...callStart, iteration: number}),
		outcome,
	},
	'call-mark': {callId: text, mark: text, reason: text},
	verdict: {labels: record(), verdict},
	nested: {
		parentCallId: text,
		event: record({type: text, runId: text, seq: number, t: number}),
	},
	'run-end': {result},
};

/**
Check that an event that was read is what its type says, as far as readers take it for granted. `depth` is how many runs it is inside of.

@throws TypeError when it is not.
*/
export function assertEvent(event: RunEvent, depth = 1): void {
	if (
		!Object.hasOwn(shapes, event.type) ||
		!record(shapes[event.type])(event) ||
		depth > deepest
	) {
		throw new TypeError(`The event ${event.seq} is not what it should be.`);
	}

	if (event.type === 'nested') {
		assertEvent(event.event, depth + 1);
	}
}
