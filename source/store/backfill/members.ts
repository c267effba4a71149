import {type Shown} from './arbiter-prompt.js';
import {scoreOf} from './evidence.js';
import {type Evidence} from './found.js';
import {
	isFree,
	liesWithin,
	mayBeNested,
	type PlannedRun,
	type Search,
} from './planned-run.js';
import {type Candidate, type Place} from './settle.js';
import {fold, questionKey} from './text-hash.js';

/**
Rows with the same text are looked at for a place up to this many.
*/
const maxAlike = 64;

/**
How many rows of a run's time are looked at for calls of which no text is known, and how many of them may be doubts.
*/
const maxLooked = 20_000;
const maxGuessed = 50;

/**
How exact the order of calls is, in milliseconds.
*/
const exactness = 250;

type Sought = {
	readonly iteration: number | null;
	readonly model: string | null;
	readonly instance: number | null;
	readonly responseId: string | null;
	readonly texts: readonly string[];
	readonly isNeeded: boolean;
};

/**
The calls that may be those of a run's members: those it recorded, else those that an arbiter of it was shown. Its arbiters must have been found.
*/
export function memberCandidates(search: Search, run: PlannedRun): Candidate[] {
	return soughtMembers(run).flatMap(iteration => {
		const instances = instanceNames(iteration);
		const candidates: Candidate[] = [];
		let skip = 0;

		for (const [nth, sought] of iteration.entries()) {
			if (skip > 0) {
				skip--;
				continue;
			}

			const {rows, joined, isElsewhere} = rowsOf(search, run, sought);
			skip = joined;
			const place: Place = {
				run,
				role: 'member',
				iteration: sought.iteration,
				model: sought.model,
				instance: instances[nth]!,
				isNeeded: sought.isNeeded && !isElsewhere,
			};
			run.places.push(place);
			candidates.push(
				...rows.map(claim => memberCandidate(search, place, claim)),
			);
		}

		return candidates;
	});
}

/**
What is known of the members, an iteration each.
*/
function soughtMembers(run: PlannedRun): Sought[][] {
	const {recorded, arbiters} = run;
	const shownTo = new Map(
		arbiters.map(({candidate, prompt}) => [
			candidate.place.iteration,
			prompt?.answers ?? [],
		]),
	);
	const history = arbiters.at(-1)?.prompt?.history ?? [];

	if (!recorded) {
		const before = arbiters[0]?.prompt?.history ?? [];
		return [
			...before.map(({answers}) =>
				answers.map(each => soughtOf(each, null, false)),
			),
			...[...shownTo].map(([iteration, answers]) =>
				answers.map(each => soughtOf(each, iteration, true)),
			),
		];
	}

	return recorded.iterations.map((iteration, nth) => {
		const back = recorded.iterations.length - 1 - nth;
		const shown = shownTo.get(nth + 1) ?? history.at(-back)?.answers ?? [];
		return iteration && iteration.answers.length > 0
			? iteration.answers.map(({text, ...rest}) => ({
					...rest,
					texts: text === null ? [] : [text],
					iteration: nth + 1,
					isNeeded: true,
				}))
			: shown.map(each => soughtOf(each, nth + 1, true));
	});
}

function soughtOf(
	{model, instance, texts}: Shown,
	iteration: number | null,
	isNeeded: boolean,
): Sought {
	return {
		iteration,
		model,
		instance,
		texts,
		responseId: null,
		isNeeded: isNeeded && !texts[0]!.startsWith('Error'),
	};
}

/**
`model#n` for each answer of an iteration whose number is known, or that is the only one of its model.
*/
function instanceNames(sought: readonly Sought[]): Array<string | null> {
	return sought.map(({model, instance}) =>
		model === null
			? null
			: instance === null
				? sought.filter(each => each.model === model).length === 1
					? `${model}#1`
					: null
				: `${model}#${instance}`,
	);
}

type Claim = {
	readonly row: number;
	readonly prompt: string;
	readonly evidence: readonly Evidence[];
};

/**
The rows that have a recorded id or text. `joined` is how many of the answers behind it turned out to be part of this one; `isElsewhere` is true when its row is there and has its place already.
*/
function rowsOf(
	search: Search,
	run: PlannedRun,
	{responseId, texts, model}: Sought,
): {rows: Claim[]; joined: number; isElsewhere: boolean} {
	const {index, source} = search;
	const mayBe = (row: number) =>
		isFree(search, row, run) || mayBeNested(search, row, run, model);
	const rowid = responseId === null ? null : source.rowidOf(responseId);
	const named = rowid === null ? null : index.withRowid(rowid);

	if (rowid !== null && (named === null || mayBe(named))) {
		return {
			rows: named === null ? [] : claimOf(search, named, texts[0], 'named'),
			joined: 0,
			isElsewhere: named === null,
		};
	}

	// The longest that some row has is the whole answer.
	for (const [joined, text] of texts.entries().toArray().toReversed()) {
		const rows = index
			.withText(text, run.span, maxAlike)
			.filter(row => mayBe(row) && liesWithin(index, row, run.span))
			.flatMap(row => claimOf(search, row, text));

		if (rows.length > 0) {
			return {rows, joined, isElsewhere: false};
		}
	}

	return {rows: [], joined: 0, isElsewhere: false};
}

/**
A row's claim to a place by its text, or by what is known of it already; none without either.
*/
function claimOf(
	{index, source}: Search,
	row: number,
	text: string | undefined,
	...known: readonly Evidence[]
): Claim[] {
	const stored = source.read(index.rowid(row));
	const evidence: readonly Evidence[] =
		text !== undefined && stored?.response.trim() === text.trim()
			? [...known, 'text']
			: known;

	return stored && evidence.length > 0
		? [{row, prompt: stored.prompt, evidence}]
		: [];
}

function askedCandidate(search: Search, place: Place, row: number): Candidate {
	const prompt = search.source.read(search.index.rowid(row))?.prompt ?? '';
	return memberCandidate(search, place, {row, prompt, evidence: []});
}

function memberCandidate(
	search: Search,
	place: Place,
	{row, evidence: known, ...claim}: Claim,
): Candidate {
	const {index} = search;
	const {run} = place;
	const prompt = fold(claim.prompt);
	const [from, to] = timeOf(search, place);
	const evidence = [...known];
	const add = (kind: Evidence, speaks: boolean) => {
		if (speaks) {
			evidence.push(kind);
		}
	};

	add('time', liesWithin(index, row, run.span));
	add(
		'question',
		run.folded.some(question => prompt.includes(question)),
	);
	add('form', evidence.includes('question') && index.isWrapped(row));
	add('model', place.model === index.model(row));
	add(
		'next',
		index.start(row) >= from - exactness && index.end(row) <= to + exactness,
	);

	return {
		place,
		row,
		evidence,
		score: scoreOf(evidence),
		gap: Number.isFinite(to) ? Math.abs(to - index.end(row)) : 0,
	};
}

/**
Between which times the members of a place's iteration were asked: after the arbiter before, and before the arbiter of theirs.
*/
function timeOf(
	{index}: Search,
	{run, iteration}: Place,
): readonly [from: number, to: number] {
	const at = (wanted: number) =>
		run.arbiters.find(({candidate}) => candidate.place.iteration === wanted)
			?.candidate.row;
	const before = iteration === null ? undefined : at(iteration - 1);
	const own = iteration === null ? undefined : at(iteration);
	const start = run.output === null ? -Infinity : index.start(run.output);
	const end =
		run.output !== null && index.durationMs(run.output) !== null
			? index.end(run.output)
			: Infinity;

	return [
		before === undefined ? start : index.end(before),
		own === undefined ? end : index.start(own),
	];
}

/**
Calls within a run of which no text is known: whoever was asked the question in the form of a member is one, such as a try that failed; whoever was asked the bare question may be one, where one is missing.
*/
export function askedCandidates(
	search: Search,
	run: PlannedRun,
	missing: readonly Place[],
): Candidate[] {
	const {index} = search;
	const models = new Set(run.recorded?.models);
	const mayAsk = (row: number) =>
		isFree(search, row, run) &&
		!index.isArbiter(row) &&
		liesWithin(index, row, run.span) &&
		(models.size === 0 || models.has(index.model(row)));
	const open = run.places.some(({role}) => role === 'member');
	const placeOf = (row: number): Place => ({
		run,
		role: 'member',
		iteration:
			run.arbiters.find(
				({candidate}) =>
					index.start(candidate.row) >= index.end(row) - exactness,
			)?.candidate.place.iteration ?? null,
		model: models.size === 0 ? null : index.model(row),
		instance: null,
		isNeeded: false,
	});

	const wrapped = index
		.within(...run.span, maxLooked)
		.filter(row => index.isWrapped(row) && mayAsk(row))
		.flatMap(row => {
			const candidate = askedCandidate(search, placeOf(row), row);
			return candidate.evidence.includes('form') ? [candidate] : [];
		});
	const bare =
		open && missing.length === 0
			? []
			: run.folded
					.flatMap(question =>
						index.withPrompt(questionKey(question), run.span, maxGuessed),
					)
					.filter(row => !index.isWrapped(row) && mayAsk(row));

	return [
		...wrapped,
		...bare.flatMap(row =>
			open
				? missing
						.filter(({model}) => model === null || model === index.model(row))
						.map(place => askedCandidate(search, place, row))
				: [askedCandidate(search, placeOf(row), row)],
		),
	];
}
