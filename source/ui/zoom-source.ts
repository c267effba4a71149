import {cacheUseOf} from '../core/cache-use.js';
import {
	type CallPicture,
	type IterationPicture,
	type RunState,
} from '../core/run-state.js';
import {cleaned, createCleaner} from '../text/cleaner.js';
import {
	decisionLines,
	standingOf,
	verdictTitle,
	verdictWords,
} from '../text/judging.js';
import {markTexts} from '../text/marks.js';
import {wordOf} from '../text/phrases.js';
import {createTail, tailOf} from '../text/tail.js';
import {arbiterText} from './arbiter-marks.js';
import {cacheWords, type KnownCalls} from './call-numbers.js';
import {type Who, type ZoomPart, type ZoomView} from './run-views.js';
import {markedText} from './member-marks.js';
import {arbiterReader, memberReader, type Channel} from './screen-text.js';
import {lineOf} from './shown-names.js';
import {partsInside} from './zoom-inside.js';

/**
The whole text of one speaker, over all iterations, as it grows.
*/
export type ZoomSource = {
	readonly push: (callId: string, channel: Channel, text: string) => void;

	/**
	Something else than a piece of text came: lay it out afresh.
	*/
	readonly touch: () => void;
	readonly view: (
		run: RunState,
		names: ReadonlyMap<string, Who>,
		known: KnownCalls,
	) => ZoomView;
};

type Live = ReturnType<typeof createLive>;

/**
The arbiter is zoomed when there is no instance's `id`.
*/
export function createZoomSource(
	{
		target,
		width,
	}: {readonly target: ZoomView['target']; readonly width: number},
	id: string | null,
): ZoomSource {
	let settled: ReadonlyArray<ZoomPart | Live> = [];
	const lives = new Map<string, Live>();
	let isStale = true;
	let isGrown = false;
	let shown: ZoomView = {target, parts: [], total: 0};

	const layOut = (
		run: RunState,
		names: ReadonlyMap<string, Who>,
		known: KnownCalls,
	) => {
		const parts: Array<ZoomPart | Live> = [...decidedParts(run, 0, id, width)];
		lives.clear();

		for (const iteration of run.iterations) {
			const calls = iteration.calls.filter(({start}) =>
				id === null ? start.purpose !== 'answer' : start.speaker === id,
			);
			const isShared =
				id === null && new Set(calls.map(({start}) => start.speaker)).size > 1;

			for (const call of calls) {
				parts.push(
					...partsInside(call, width),
					...partsBefore(call, iteration, {width, known, names, isShared}),
				);

				if (call.outcome) {
					parts.push(...partsOf(call, width));
				} else {
					const live = createLive(width, call.start.purpose !== 'answer');
					lives.set(call.start.callId, live);
					live.push('thinking', call.thinking);
					live.push('text', call.text);
					parts.push(live);
				}
			}

			if (id === null) {
				parts.push(...verdictParts(iteration, {names, width}));
			} else if (!iteration.instances.includes(id)) {
				parts.push({
					kind: 'rule',
					lines: [`iteration ${iteration.iteration} · not asked`],
				});
			}

			parts.push(...decidedParts(run, iteration.iteration, id, width));
		}

		settled = parts;
	};

	return {
		push(callId, channel, text) {
			const live = lives.get(callId);

			if (!isStale && live) {
				live.push(channel, text);
				isGrown = true;
			}
		},
		touch() {
			isStale = true;
		},
		view(run, names, known) {
			if (isStale) {
				layOut(run, names, known);
			}

			if (isStale || isGrown) {
				const parts = headed(
					settled.flatMap(each => ('parts' in each ? each.parts() : each)),
				);
				const total = parts.reduce((sum, {lines}) => sum + lines.length, 0);
				shown = {target, parts, total};
				isStale = false;
				isGrown = false;
			}

			return shown;
		},
	};
}

/**
The text of a call that goes on: what kind it is may change as it comes.
*/
function createLive(width: number, isArbiter: boolean) {
	const reader = isArbiter ? arbiterReader() : memberReader();
	const texts: Array<{
		kind: ZoomPart['kind'];
		tail: ReturnType<typeof createTail>;
		cleaner: ReturnType<typeof createCleaner>;
	}> = [];

	return {
		push(channel: Channel, piece: string) {
			const {kind, text} = reader.read(channel, piece);

			if (text === '') {
				return;
			}

			if (texts.at(-1)?.kind !== kind) {
				const tail = createTail({width, keep: Infinity});
				texts.push({kind, tail, cleaner: createCleaner()});
			}

			const {tail, cleaner} = texts.at(-1)!;
			tail.push(cleaner.push(text));
		},
		parts: (): ZoomPart[] =>
			texts.map(({kind, tail}) => ({kind, lines: [...tail.lines()]})),
	};
}

const thoughts: ZoomPart = {kind: 'rule', lines: ['thinking']};
const answers: ZoomPart = {kind: 'rule', lines: ['answer']};

/**
What was thought and what was answered are told apart in words, for screens without colours.
*/
function headed(parts: readonly ZoomPart[]): ZoomPart[] {
	return parts.flatMap((part, index) => {
		const before = parts[index - 1]?.kind;
		return part.kind === 'thinking'
			? [thoughts, part]
			: part.kind === 'answer' && before === 'thinking'
				? [answers, part]
				: [part];
	});
}

const laidOut = (text: string, width: number) =>
	tailOf(cleaned(text).trim(), {width, keep: Infinity}).lines();

const part = (
	kind: ZoomPart['kind'],
	text: string,
	width: number,
): ZoomPart[] =>
	text.trim() === '' ? [] : [{kind, lines: laidOut(text, width)}];

function partsBefore(
	call: CallPicture,
	{iteration}: IterationPicture,
	{
		width,
		known,
		names,
		isShared,
	}: {
		readonly width: number;
		readonly known: KnownCalls;
		readonly names: ReadonlyMap<string, Who>;

		/**
		Several weigh the answers, so that it must be said who speaks.
		*/
		readonly isShared: boolean;
	},
): ZoomPart[] {
	const {start, state, outcome, brokenAttempts} = call;
	const is = call.isLeftOut ? 'left-out' : state;
	const about = [
		`iteration ${iteration}`,
		start.purpose === 'answer' ? null : start.purpose,
		isShared ? nameIn(names, start.speaker) : null,
		wordOf(is),
		outcome && cacheWords(cacheUseOf(call, known)),
	].filter(word => word !== null);
	const said = start.purpose === 'answer' ? markedText : arbiterText;

	return [
		{
			kind: 'rule',
			lines: [about.join(' · ')],
		},
		...brokenAttempts.flatMap(({attempt, thinking, text, failure}) => [
			...part('thinking', `${thinking}\n${said(text)}`, width),
			...part('note', `Attempt ${attempt} broke: ${failure.message}`, width),
		]),
	];
}

function partsOf(
	{start, thinking, text, outcome}: CallPicture,
	width: number,
): ZoomPart[] {
	return [
		...part('thinking', thinking, width),
		...(start.purpose === 'answer'
			? part('answer', markedText(text), width)
			: part('thinking', arbiterText(text), width)),
		...part('note', outcome?.failure?.message ?? '', width),
	];
}

/**
What the words of those who weigh were read as. Only what counts is told with its texts.
*/
function verdictParts(
	{verdicts}: IterationPicture,
	{
		names,
		width,
	}: {readonly names: ReadonlyMap<string, Who>; readonly width: number},
): ZoomPart[] {
	const nameOf = (id: string) => nameIn(names, id);

	return verdicts.flatMap((verdict): ZoomPart[] => {
		const standing = standingOf(verdict, verdicts);
		const rule = [
			verdictTitle(verdict, nameOf),
			...(standing === '' ? [] : [standing]),
			verdictWords(verdict, nameOf),
		].join(' · ');

		return standing === 'is a part of the one that counts'
			? part('note', rule, width)
			: [
					{kind: 'rule', lines: [rule]},
					...part('answer', verdict.synthesis ?? '', width),
					...verdict.dissent.flatMap(({text, who}) =>
						part('note', `dissent, ${whoText(who, names)}: ${text}`, width),
					),
					...verdict.refinementAreas.flatMap(area =>
						part('note', `to refine: ${area}`, width),
					),
					...verdict.problems.flatMap(problem => part('note', problem, width)),
				];
	});
}

/**
What was decided in an iteration: about an instance, or at all for the arbiter.
*/
function decidedParts(
	run: RunState,
	iteration: number,
	id: string | null,
	width: number,
): ZoomPart[] {
	const lines =
		id === null ? decisionLines(run, iteration) : markTexts(run, id, iteration);
	return lines.flatMap(line => part('note', line, width));
}

const nameIn = (names: ReadonlyMap<string, Who>, id: string) => {
	const known = names.get(id);
	return known ? known.name : lineOf(id);
};

function whoText(
	who: readonly string[],
	names: ReadonlyMap<string, Who>,
): string {
	return (
		who
			.map(id => {
				const known = names.get(id);
				return known ? `${known.number} ${known.name}` : lineOf(id);
			})
			.join(', ') || 'nobody named'
	);
}

/**
The lines of a zoomed text from one to another, each with what it is.
*/
export function zoomLines(
	{parts}: ZoomView,
	from: number,
	to: number,
): Array<{readonly kind: ZoomPart['kind']; readonly text: string}> {
	const shown: Array<{kind: ZoomPart['kind']; text: string}> = [];
	let first = 0;

	for (const {kind, lines} of parts) {
		const end = first + lines.length;

		if (end > from && first < to) {
			for (const text of lines.slice(Math.max(0, from - first), to - first)) {
				shown.push({kind, text});
			}
		}

		first = end;
	}

	return shown;
}
