import {setImmediate} from 'node:timers/promises';
import {type Log} from '../log.js';
import {arbiterCandidates, takeArbiters} from './arbiters.js';
import {sureScore} from './evidence.js';
import {type Doubt, type FoundRun} from './found.js';
import {askedCandidates, memberCandidates} from './members.js';
import {parentsOf} from './nested.js';
import {
	isOutput,
	planOutput,
	recordedIn,
	type FoundArbiter,
	type PlannedRun,
	type Search,
} from './planned-run.js';
import {doubtsOf, proposalOf, reportRun, tieOf} from './report.js';
import {RowIndex} from './row-index.js';
import {readInto} from './read-into.js';
import {settle, type Candidate} from './settle.js';
import {openSource} from './source.js';
import {stretches} from './stretches.js';
import {runsWithoutOutput} from './without-output.js';

export type FindOptions = {
	/**
	The models that are consortiums, beside those that are saved in the same file or are seen to have returned a run.
	*/
	readonly names: ReadonlySet<string>;

	/**
	Hears how many rows have been looked at, of how many: all are read once, and then gone through by time.
	*/
	readonly onProgress?: (progress: {
		readonly phase: 'reading' | 'matching';
		readonly done: number;
		readonly total: number;
	}) => void;
	readonly signal?: AbortSignal;
};

/**
Find the runs of consortiums in a log of llm that never recorded them as such, and what a person should decide about them. Reads only, a batch at a time, each in a short transaction of its own; the same rows give the same result in the same order, whatever order they were written in. No response is in two runs.

Left out are the rows of our own runs, and those that a record or a person has placed: what belongs to no run stays so, and a person's place for a response counts as taken in its run, without being told again.

A run that was recorded with its members elsewhere in the same file is told with its output alone, under the id it was recorded by.

@throws the signal's reason when it is aborted.
*/
export async function* findRuns(
	database: Log,
	{names, onProgress, signal}: FindOptions,
): AsyncGenerator<FoundRun | Doubt, void, void> {
	const source = openSource(database);

	if (!source) {
		return;
	}

	const index = new RowIndex(source.count());

	for (const _ of readInto(index, source)) {
		signal?.throwIfAborted();
		onProgress?.({phase: 'reading', done: index.size, total: index.capacity});
		await setImmediate();
	}

	const search: Search = {
		source,
		index,
		names: consortiumNames({source, index}, names),
	};
	let done = 0;

	for (const stretch of stretches(search)) {
		signal?.throwIfAborted();
		yield* source.together(() => findIn(search, stretch).toArray());
		done += stretch.rows;
		onProgress?.({phase: 'matching', done, total: index.size});
		await setImmediate();
	}
}

/**
The models that are consortiums: those that are named, saved, or of which most responses are recorded results.
*/
function consortiumNames(
	search: Pick<Search, 'source' | 'index'>,
	names: ReadonlySet<string>,
): ReadonlySet<string> {
	const {index, source} = search;
	const counts = new Map<string, {all: number; results: number[]}>();

	for (const row of index.inOrder()) {
		const model = index.model(row);
		const count = counts.get(model) ?? {all: 0, results: []};
		counts.set(model, count);
		count.all++;

		if (index.mayBeResult(row)) {
			count.results.push(row);
		}
	}

	return new Set([
		...names,
		...source.savedNames(),
		...[...counts]
			.filter(
				([, {all, results}]) =>
					results.length * 2 > all &&
					results.slice(0, 3).some(row => {
						const stored = source.read(index.rowid(row));
						return stored && recordedIn(search, row, stored) !== null;
					}),
			)
			.map(([model]) => model),
	]);
}

/**
What there is in a stretch of time.
*/
function* findIn(
	search: Search,
	{
		outputs,
		arbiters,
	}: {outputs: readonly number[]; arbiters: readonly number[]},
): Generator<FoundRun | Doubt> {
	const returned = outputs
		.map(row => planOutput(search, row))
		.filter(run => run !== null);
	const read = new Map<number, Omit<FoundArbiter, 'candidate'>>();
	const asked = settle(
		returned.flatMap(run => arbiterCandidates(search, run, read)),
	);
	const tied: Candidate[][] = [];
	take(search, asked.placed.values(), asked.tied, tied);
	takeArbiters(search, returned, asked.placed.values(), read);

	const candidates = returned.flatMap(run => memberCandidates(search, run));
	const claimed = new Set(
		candidates.filter(({score}) => score >= sureScore).map(({row}) => row),
	);
	const others = runsWithoutOutput(
		search,
		arbiters.filter(row => !claimed.has(row)),
	);
	take(
		search,
		others.flatMap(run => run.arbiters.map(({candidate}) => candidate)),
		new Map(),
		tied,
	);

	const runs = [...returned, ...others];
	const members = settle([
		...candidates,
		...others.flatMap(run => memberCandidates(search, run)),
	]);
	takeMembers(search, members, tied);
	const more = settle(
		runs.flatMap(run => {
			const placed = new Set(run.members.map(({place}) => place));
			return askedCandidates(
				search,
				run,
				run.places.filter(
					place =>
						place.role === 'member' && place.isNeeded && !placed.has(place),
				),
			);
		}),
	);
	takeMembers(search, more, tied);
	yield* report(search, runs, tied);
}

function take(
	{index}: Search,
	placed: Iterable<Candidate>,
	tied: ReadonlyMap<number, readonly Candidate[]>,
	ties: Candidate[][],
): void {
	for (const {row} of placed) {
		index.use(row);
	}

	for (const [row, rivals] of tied) {
		index.use(row);
		ties.push([...rivals]);

		for (const {place} of rivals) {
			place.run.undecided++;
		}
	}
}

function takeMembers(
	search: Search,
	{placed, tied}: ReturnType<typeof settle>,
	ties: Candidate[][],
): void {
	take(search, placed.values(), tied, ties);

	for (const candidate of placed.values()) {
		candidate.place.run.members.push(candidate);
	}
}

function* report(
	search: Search,
	runs: readonly PlannedRun[],
	tied: readonly Candidate[][],
): Generator<FoundRun | Doubt> {
	const told = runs.flatMap(planned => {
		const reported = reportRun(search, planned);
		return reported ? [[planned, reported] as const] : [];
	});
	const ids = new Map(told.map(([planned, {run}]) => [planned, run.id]));
	const parents = parentsOf(search, ids);

	for (const [planned, reported] of told) {
		yield {...reported.run, parent: parents.get(planned.output ?? -1) ?? null};
		yield* doubtsOf(search, planned, reported);
	}

	for (const rivals of tied) {
		const {index, source} = search;
		const {row} = rivals[0]!;
		const id =
			index.decided.has(row) || isOutput(search, row)
				? null
				: source.idOf(index.rowid(row));
		const proposals = rivals.flatMap(candidate => {
			const runId = ids.get(candidate.place.run);
			return runId === undefined
				? []
				: [proposalOf(candidate.place.run, candidate, runId)];
		});

		if (id !== null && proposals.length > 0) {
			yield tieOf(id, proposals);
		}
	}
}
