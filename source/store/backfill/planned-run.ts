import {type ArbiterPrompt} from './arbiter-prompt.js';
import {type Candidate, type Place} from './settle.js';
import {readRecorded, type Recorded} from './recorded-result.js';
import {type RowIndex, type Span} from './row-index.js';
import {type Source, type StoredRow} from './source.js';
import {fold} from './text-hash.js';

/**
What the search works with.
*/
export type Search = {
	readonly source: Source;
	readonly index: RowIndex;

	/**
	The models that are consortiums.
	*/
	readonly names: ReadonlySet<string>;
};

/**
An arbiter's call that was found for a run.
*/
export type FoundArbiter = {
	readonly candidate: Candidate;
	readonly prompt: ArbiterPrompt | null;
	readonly response: string;
};

/**
A run while its calls are sought.
*/
export type PlannedRun = {
	/**
	The row of its output, and the output's id; null for a run without one.
	*/
	readonly output: number | null;
	readonly outputId: string | null;
	readonly recorded: Recorded | null;
	readonly question: string;

	/**
	The question, folded, in each way it may have been passed on.
	*/
	readonly folded: readonly string[];

	/**
	What it returned; empty where that is unknown.
	*/
	readonly answer: string;

	/**
	The times within which its calls began and ended.
	*/
	readonly span: Span;

	/**
	In the order of their calls.
	*/
	arbiters: readonly FoundArbiter[];
	readonly members: Candidate[];
	readonly places: Place[];

	/**
	How many of its calls wait for a person.
	*/
	undecided: number;
};

/**
How far clocks and logs may be off, in milliseconds.
*/
export const tolerance = 5000;

/**
How long a run may take when nobody wrote down how long it did.
*/
export const longest = 3_600_000;

/**
Whether a row is the answer of a consortium, as far as the first look tells; it is then no member and no arbiter of another run.
*/
export function isOutput({index, names}: Search, row: number): boolean {
	return index.mayBeResult(row) || names.has(index.model(row));
}

/**
The run that a row is the answer of; null when it is none.
*/
export function planOutput(search: Search, row: number): PlannedRun | null {
	const {source, index, names} = search;
	const stored = source.read(index.rowid(row));

	if (!stored) {
		return null;
	}

	const recorded = recordedIn(search, row, stored);

	if (!recorded && !names.has(index.model(row))) {
		return null;
	}

	const prompt = source.wholePrompt(stored);
	const question = recorded?.question ?? prompt;

	return {
		output: row,
		outputId: stored.id,
		recorded,
		question,
		folded: [
			...new Set([question, prompt, stored.prompt].map(each => fold(each))),
		].filter(each => each !== ''),
		answer: stored.response.trim(),
		span: spanOf(index, row),
		arbiters: [],
		members: [],
		places: [],
		undecided: 0,
	};
}

export function recordedIn(
	{source, index}: Pick<Search, 'source' | 'index'>,
	row: number,
	stored: StoredRow,
): Recorded | null {
	const json = index.mayBeResult(row)
		? source.responseJson(index.rowid(row))
		: null;
	return json === null ? null : readRecorded(json, source.resolverOf(stored));
}

function spanOf(index: RowIndex, row: number): Span {
	const start = index.start(row);

	// Nothing lies within a time that nobody knows.
	return Number.isFinite(start)
		? [
				start - tolerance,
				start + (index.durationMs(row) ?? longest - tolerance) + tolerance,
			]
		: [NaN, NaN];
}

/**
Whether a call began and ended within a run.
*/
export function liesWithin(index: RowIndex, row: number, [from, to]: Span) {
	return index.start(row) >= from && index.end(row) <= to;
}

/**
Whether a row is still to be had for a run: a person may have put it in another one.
*/
export function isFree(search: Search, row: number, run: PlannedRun): boolean {
	const decided = search.index.decided.get(row);

	return (
		row !== run.output &&
		!search.index.isUsed(row) &&
		!isOutput(search, row) &&
		(decided === undefined || run.outputId === null || decided === run.outputId)
	);
}

/**
Whether a row is the answer of another run that this one may have asked, as the call of this model: its output stays its own, and its place here makes this run its parent.
*/
export function mayBeNested(
	search: Search,
	row: number,
	run: PlannedRun,
	model: string | null,
): boolean {
	const {index} = search;

	return (
		row !== run.output &&
		isOutput(search, row) &&
		!index.isUsed(row) &&
		model === index.model(row) &&
		liesWithin(index, row, run.span) &&
		(run.output === null || index.start(row) >= index.start(run.output))
	);
}
