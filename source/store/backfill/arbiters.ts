import {parseVerdict} from '../../core/reading/verdict.js';
import {readArbiterPrompt, type ArbiterPrompt} from './arbiter-prompt.js';
import {scoreOf} from './evidence.js';
import {type Evidence} from './found.js';
import {
	isFree,
	liesWithin,
	mayBeNested,
	type FoundArbiter,
	type PlannedRun,
	type Search,
} from './planned-run.js';
import {type Candidate, type Place} from './settle.js';
import {fold, hashOf, questionKey} from './text-hash.js';

/**
A run asks its arbiter once in an iteration; a log that has more of them in one run is not asked further.
*/
const maxArbiters = 200;

/**
How close to the end of a run its final arbiter ends, in milliseconds.
*/
const closing = 1500;

/**
A row that may be an arbiter's, as it was read.
*/
export type ReadRow = Omit<FoundArbiter, 'candidate'> & {readonly row: number};

/**
The calls that may be those of a run's arbiters.
*/
export function arbiterCandidates(
	search: Search,
	run: PlannedRun,
	read: Map<number, Omit<FoundArbiter, 'candidate'>>,
): Candidate[] {
	const {recorded} = run;

	if (recorded && !recorded.hasArbiter) {
		return [];
	}

	const rows = arbiterRows(search, run).map(found => {
		read.set(found.row, found);
		return found;
	});

	const final = finalAmong(run, rows);
	const before = final && earlierThan(final);

	if (!recorded) {
		return rows
			.filter(found => !before || found === final || before(found) !== false)
			.map(found =>
				arbiterCandidate(search, arbiterPlace(run, null), {
					...found,
					wasTold: before?.(found) === true,
				}),
			);
	}

	return recorded.iterations.flatMap((iteration, nth) => {
		const place = arbiterPlace(run, nth + 1);
		run.places.push(place);
		const verdict = iteration?.verdict?.trim() ?? null;
		const isEarlier = nth + 1 < recorded.iterations.length;
		return rows
			.filter(found =>
				verdict === null
					? !isEarlier || !before || before(found) !== false
					: found.response === verdict,
			)
			.map(found =>
				arbiterCandidate(search, place, {
					...found,
					wasTold: isEarlier && before?.(found) === true,
				}),
			);
	});
}

/**
The latest of a run's arbiters whose words are what the run returned; null when none is certain.
*/
function finalAmong(run: PlannedRun, rows: readonly ReadRow[]): ReadRow | null {
	const verdict = run.recorded?.iterations.at(-1)?.verdict?.trim();
	return (
		rows.findLast(({response}) =>
			verdict
				? response === verdict
				: run.answer !== '' && response.includes(run.answer),
		) ?? null
	);
}

/**
Whether an arbiter came before this one in the same run, by what this one was told of the iterations before; null where that does not tell.
*/
function earlierThan({prompt}: ReadRow): (other: ReadRow) => boolean | null {
	const told = prompt && toldIn(prompt);
	const isComplete = prompt?.history.every(({answers}) => answers.length > 0);

	return other =>
		told === null
			? null
			: saidIn(other).some(hash => told.has(hash))
				? true
				: isComplete
					? false
					: null;
}

/**
The hashes of all that an arbiter was told of the iterations before.
*/
export function toldIn({history}: ArbiterPrompt): Set<number> {
	return new Set(
		history.flatMap(({answers, synthesis}) => [
			...answers.map(({texts}) => hashOf(texts[0]!)),
			...(synthesis ? [hashOf(synthesis)] : []),
		]),
	);
}

/**
The hashes of what an arbiter was shown and of what it made of that.
*/
export function saidIn({prompt, response}: ReadRow): number[] {
	const {synthesis} = parseVerdict(response);
	return [
		...(prompt?.answers ?? []).map(({texts}) => hashOf(texts[0]!)),
		...(synthesis === null ? [] : [hashOf(synthesis)]),
	];
}

/**
The place of an arbiter in a run.
*/
export function arbiterPlace(run: PlannedRun, iteration: number | null): Place {
	return {
		run,
		role: 'arbiter',
		iteration,
		model: run.recorded?.arbiter ?? null,
		instance: null,
		isNeeded: true,
	};
}

/**
The rows within the run whose prompt is an arbiter's and holds the question, or whose text is recorded as a verdict.
*/
function arbiterRows(search: Search, run: PlannedRun): ReadRow[] {
	const {index, source} = search;
	const verdicts = new Set(
		run.recorded?.iterations.map(each => each?.verdict?.trim() ?? ''),
	);
	verdicts.delete('');
	const rows = new Set([
		...run.folded.flatMap(question =>
			index
				.withPrompt(questionKey(question), run.span, maxArbiters)
				.filter(row => index.isArbiter(row)),
		),
		...[...verdicts].flatMap(text =>
			index.withText(text, run.span, maxArbiters),
		),
	]);

	return [...rows].flatMap(row => {
		const mayBe =
			isFree(search, row, run) ||
			mayBeNested(search, row, run, run.recorded?.arbiter ?? null);
		const stored = mayBe ? source.read(index.rowid(row)) : null;

		if (!stored || !liesWithin(index, row, run.span)) {
			return [];
		}

		const prompt = readArbiterPrompt(stored.prompt);
		const response = stored.response.trim();
		const holdsQuestion =
			prompt !== null && run.folded.includes(fold(prompt.question));
		return holdsQuestion || verdicts.has(response)
			? [{row, prompt, response}]
			: [];
	});
}

function arbiterCandidate(
	{index}: Search,
	place: Place,
	{row, prompt, response, wasTold}: ReadRow & {readonly wasTold: boolean},
): Candidate {
	const {run, iteration} = place;
	const recorded = run.recorded?.iterations[(iteration ?? 0) - 1];
	const isLast =
		iteration === null || iteration === run.recorded?.iterations.length;
	const synthesis = recorded?.synthesis?.trim() ?? (isLast ? run.answer : '');
	const end =
		run.output !== null && index.durationMs(run.output) !== null
			? index.end(run.output)
			: NaN;
	const evidence: Evidence[] = ['time'];
	const add = (kind: Evidence, speaks: boolean) => {
		if (speaks) {
			evidence.push(kind);
		}
	};

	add(
		'text',
		wasTold ||
			recorded?.verdict?.trim() === response ||
			(synthesis !== '' && response.includes(synthesis)),
	);
	add('form', prompt !== null);
	add(
		'question',
		prompt !== null && run.folded.includes(fold(prompt.question)),
	);
	add('model', place.model === index.model(row));
	add(
		'next',
		isLast
			? Math.abs(end - index.end(row)) <= closing
			: prompt?.history.length === iteration - 1,
	);

	return {
		place,
		row,
		evidence,
		score: scoreOf(evidence),
		gap:
			run.output === null
				? 0
				: Math.abs(index.end(run.output) - index.end(row)),
	};
}

/**
What was found for the runs' arbiters, in the order of their calls.
*/
export function takeArbiters(
	{index}: Search,
	runs: readonly PlannedRun[],
	placed: Iterable<Candidate>,
	read: ReadonlyMap<number, Omit<FoundArbiter, 'candidate'>>,
): void {
	const byRun = Map.groupBy(placed, ({place}) => place.run);

	for (const run of runs) {
		run.arbiters = (byRun.get(run) ?? [])
			.map(candidate => ({candidate, ...read.get(candidate.row)!}))
			.toSorted((a, b) => {
				const [one, two] = [a.candidate.row, b.candidate.row];
				const order = [
					(a.candidate.place.iteration ?? 0) -
						(b.candidate.place.iteration ?? 0),
					index.start(one) - index.start(two),
					index.tie(one) - index.tie(two),
				];
				return order.find(each => each !== 0) ?? 0;
			});

		for (const [nth, {candidate}] of run.arbiters.entries()) {
			candidate.place.iteration ??= nth + 1;
		}
	}
}
