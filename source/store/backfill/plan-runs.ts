import {type Log} from '../log.js';
import {scoreOf} from './evidence.js';
import {type Evidence, type FoundResponse, type FoundRun} from './found.js';
import {readInto} from './read-into.js';
import {RowIndex} from './row-index.js';
import {openSource, type Source} from './source.js';
import {readXmlResponses} from './xml-responses.js';

export type PlannedResult = {
	readonly runs: readonly FoundRun[];

	/**
	Outputs without a row before them, or with another output there.
	*/
	readonly skipped: number;

	/**
	Final arbiters whose prompt is not the XML it was taken for.
	*/
	readonly unreadable: number;
};

type Pair = {readonly output: number; readonly arbiter: number};

/**
How far back from its final arbiter a run is looked for, in milliseconds.
*/
const window = 3_600_000;
const maxCandidates = 1_000_000;

/**
Find runs in an older way, to compare with: the row before an output, by id, is the final arbiter; of the hour before that, an earlier arbiter is whatever mentions the tag, and a member whatever is literally one of the answers in its prompt, read as XML. Its faults are kept: the question is not compared, earlier finals are taken again, what belongs to two runs goes to the later one, and runs without an output are not seen.

`names` are the models that are consortiums, beside those that are saved in the same file.

@throws the signal's reason when it is aborted.
*/
export function planRuns(
	database: Log,
	options: {readonly names: ReadonlySet<string>; readonly signal?: AbortSignal},
): PlannedResult {
	const source = openSource(database);

	if (!source) {
		return {runs: [], skipped: 0, unreadable: 0};
	}

	const index = new RowIndex(source.count());

	for (const _ of readInto(index, source)) {
		options.signal?.throwIfAborted();
	}

	const ranks = ranksById(index, source);
	const names = new Set([...options.names, ...source.savedNames()]);
	const {pairs, skipped} = pairsOf(index, ranks, names);
	const mentions = index.inOrder().filter(row => index.mentionsArbiter(row));
	const places = new Map<number, {pair: Pair; flag: 0 | 1 | 2}>();
	let unreadable = 0;

	for (const pair of pairs) {
		places.set(pair.output, {pair, flag: 0});
		places.set(pair.arbiter, {pair, flag: 1});
	}

	for (const pair of pairs) {
		options.signal?.throwIfAborted();
		const prompt = source.read(index.rowid(pair.arbiter))?.prompt ?? '';
		const snippets = readXmlResponses(prompt);
		const to = index.start(pair.arbiter);
		const from = to - window;
		const isBefore = (row: number) => ranks[row]! < ranks[pair.arbiter]!;
		unreadable += snippets === null ? 1 : 0;

		for (const snippet of new Set(snippets)) {
			for (const row of index.withText(snippet, [from, to], maxCandidates)) {
				if (
					isBefore(row) &&
					source.read(index.rowid(row))?.response === snippet
				) {
					places.set(row, {pair, flag: 0});
				}
			}
		}

		for (const row of between(index, mentions, from, to)) {
			if (isBefore(row)) {
				places.set(row, {pair, flag: 2});
			}
		}
	}

	return {runs: runsOf({index, source}, pairs, places), skipped, unreadable};
}

/**
The position of each row in the order of ids.
*/
function ranksById(index: RowIndex, source: Source): Uint32Array {
	const ranks = new Uint32Array(index.size);
	let rank = 0;

	for (let after = ''; ;) {
		const batch = source.byId(after);

		for (const {rowid} of batch) {
			const row = index.withRowid(rowid);

			if (row !== null) {
				ranks[row] = rank++;
			}
		}

		const last = batch.at(-1);

		if (!last) {
			return ranks;
		}

		after = last.id;
	}
}

function pairsOf(
	index: RowIndex,
	ranks: Uint32Array,
	names: ReadonlySet<string>,
): {pairs: Pair[]; skipped: number} {
	const rows = Uint32Array.from(ranks.keys()).toSorted(
		(a, b) => ranks[a]! - ranks[b]!,
	);
	const pairs: Pair[] = [];
	let skipped = 0;

	for (const [position, output] of rows.entries()) {
		if (names.has(index.model(output))) {
			const arbiter = rows[position - 1];

			if (arbiter === undefined || names.has(index.model(arbiter))) {
				skipped++;
			} else {
				pairs.push({output, arbiter});
			}
		}
	}

	return {pairs, skipped};
}

/**
Those of rows in the order of their times that began between two times.
*/
function* between(
	index: RowIndex,
	rows: Uint32Array,
	from: number,
	to: number,
): Generator<number> {
	let low = 0;
	let high = rows.length;

	while (low < high) {
		const middle = Math.floor((low + high) / 2);

		if (index.start(rows[middle]!) < from) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	for (; low < rows.length && index.start(rows[low]!) <= to; low++) {
		yield rows[low]!;
	}
}

const evidenceOf: Readonly<Record<0 | 1 | 2, readonly Evidence[]>> = {
	0: ['text', 'time'],
	1: ['next'],
	2: ['form', 'time'],
};

function runsOf(
	{index, source}: {readonly index: RowIndex; readonly source: Source},
	pairs: readonly Pair[],
	places: ReadonlyMap<number, {pair: Pair; flag: 0 | 1 | 2}>,
): FoundRun[] {
	const byPair = Map.groupBy(places, ([, {pair}]) => pair);

	return pairs.flatMap(pair => {
		const {output, arbiter} = pair;
		const stored = source.read(index.rowid(output));

		if (!stored) {
			return [];
		}

		const responses = (byPair.get(pair) ?? []).flatMap(([row, {flag}]) => {
			const id = source.idOf(index.rowid(row));
			const isOutput = row === output;
			const evidence: readonly Evidence[] = isOutput
				? ['model']
				: evidenceOf[flag];
			const response: Omit<FoundResponse, 'responseId'> = {
				role: isOutput ? 'output' : flag === 0 ? 'member' : 'arbiter',
				isArbiterResponse: flag,
				iteration: null,
				instance: null,
				evidence,
				score: scoreOf(evidence),
			};
			return id === null ? [] : [{responseId: id, ...response}];
		});
		const start = index.start(output);

		return [
			{
				id: stored.id,
				outputId: stored.id,
				recordedId: null,
				consortium: index.model(output),
				arbiter: index.model(arbiter),
				prompt: stored.prompt,
				confidence: null,
				iterations: responses.filter(({role}) => role === 'arbiter').length,
				startedAt: Number.isFinite(start) ? Math.floor(start) : 0,
				durationMs: index.durationMs(output),
				responses,
				problems: [],
				parent: null,
			},
		];
	});
}
