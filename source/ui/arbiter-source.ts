import {answersOf, type verdictsOf} from '../core/answers.js';
import {type CallPicture, type RunState} from '../core/run-state.js';
import {cleaned} from '../text/cleaner.js';
import {wrapped} from '../text/columns.js';
import {confidenceText} from '../text/outcome.js';
import {
	activityOf,
	findingOut,
	isVoteOf,
	settledVerdicts,
	toldOf,
	whoWeighs,
} from './arbiter-words.js';
import {noNumbers, type KnownCalls} from './call-numbers.js';
import {type Extent} from './grid-plan.js';
import {stateOfCall, type Attempts} from './pane-source.js';
import {
	type ArbiterHead,
	type ArbiterView,
	type Phase,
	type Weighed,
	type Who,
} from './run-views.js';
import {arbiterReader, createScreenText, type Channel} from './screen-text.js';
import {lineOf} from './shown-names.js';

const idleHead: ArbiterHead = {
	name: '',
	phase: 'idle',
	state: 'waiting',
	activity: '',
	failure: null,
	numbers: noNumbers,
	threshold: 0,
	weighed: [],
	told: [],
	dissent: [],
	refinementAreas: [],
	problems: [],
	ending: null,
};

export const idleArbiter: ArbiterView = {
	head: idleHead,
	kind: 'answer',
	lines: [],
	total: 0,
};

type Scene = {
	readonly run: RunState;
	readonly phase: Phase;
	readonly names: ReadonlyMap<string, Who>;
	readonly known: KnownCalls;
};

/**
The arbiter as it changes, or all who weigh together: told of every event about their calls, asked for a view once a frame. Of several who speak at once the text of the first is shown until it is done.
*/
export type ArbiterSource = {
	/**
	The call whose text is shown; null before the first.
	*/
	readonly call: CallPicture | null;
	readonly adopt: (call: CallPicture) => void;

	/**
	What is heard of the call that is shown.
	*/
	readonly push: (channel: Channel, text: string) => void;
	readonly retry: (attempts: Attempts, startsOver: boolean) => void;
	readonly end: () => void;

	/**
	Something else changed: a verdict, an answer that came, another phase.
	*/
	readonly touch: () => void;
	readonly resize: (extent: Extent) => void;
	readonly view: (now: number, scene: Scene) => ArbiterView;
};

export function createArbiterSource(first: Extent): ArbiterSource {
	const text = createScreenText(first, arbiterReader);
	let extent = first;
	let call: CallPicture | null = null;

	// Those that speak at the same time.
	let beside: readonly CallPicture[] = [];
	let attempts: Attempts | null = null;
	let isHeadStale = true;
	let isTextStale = true;
	let second = -1;
	let shown = idleArbiter;
	const layOut = createLayOut();

	const touch = () => {
		isHeadStale = true;
		isTextStale = true;
	};

	const show = (next: CallPicture) => {
		call = next;
		attempts = null;
		text.show(next);
		touch();
	};

	return {
		get call() {
			return call;
		},
		touch,
		adopt(next) {
			const isBeside =
				call?.outcome === null && call.start.iteration === next.start.iteration;

			if (isBeside) {
				beside = [...beside, next];
				touch();
			} else {
				beside = [];
				show(next);
			}
		},
		push(channel, piece) {
			text.push(channel, piece);
			isTextStale = true;
			isHeadStale ||= shown.head.state !== call?.state;
		},
		retry(next, startsOver) {
			attempts = next;
			touch();

			if (startsOver) {
				text.show(null);
			}
		},
		end() {
			text.end();
			touch();
			const [next, ...rest] = beside.filter(({outcome}) => outcome === null);

			if (next) {
				beside = rest;
				show(next);
			}
		},
		resize(next) {
			if (next.width !== extent.width || next.height !== extent.height) {
				extent = next;
				text.show(call, {extent});
				isTextStale = true;
			}
		},
		view(now, scene) {
			const isTicking =
				call !== null && !call.outcome && scene.phase !== 'ended';
			const nowSecond = isTicking ? Math.floor(now / 1000) : second;
			isHeadStale ||= nowSecond !== second;

			if (isHeadStale || isTextStale) {
				shown = {
					head: isHeadStale
						? headOf({...scene, call, attempts, now})
						: shown.head,
					...((isTicking ? null : settledText(scene, extent, layOut)) ?? {
						kind: text.kind,
						lines: text.lines(),
						total: text.total(),
					}),
				};
				isHeadStale = false;
				isTextStale = false;
				second = nowSecond;
			}

			return shown;
		},
	};
}

/**
The beginning of the last synthesis; null when there is none yet.
*/
function settledText(
	{run, phase}: Scene,
	{width, height}: Extent,
	layOut: ReturnType<typeof createLayOut>,
): Pick<ArbiterView, 'kind' | 'lines' | 'total'> | null {
	const synthesis =
		settledVerdicts(run, phase).at(-1)?.verdict.synthesis ?? null;

	if (synthesis === null) {
		return null;
	}

	const lines = layOut(synthesis, Math.max(1, width));
	return {
		kind: phase === 'ended' ? 'answer' : 'earlier',
		lines: lines.slice(0, height),
		total: lines.length,
	};
}

/**
All lines of a text, laid out once for as long as it is the same in the same width.
*/
function createLayOut() {
	let lastText: string | null = null;
	let lastWidth = 0;
	let lines: readonly string[] = [];

	return (text: string, width: number) => {
		if (text !== lastText || width !== lastWidth) {
			lines = wrapped(cleaned(text).trim(), width);
			lastText = text;
			lastWidth = width;
		}

		return lines;
	};
}

function headOf({
	run,
	phase,
	names,
	known: calls,
	call,
	attempts,
	now,
}: Scene & {
	readonly call: CallPicture | null;
	readonly attempts: Attempts | null;
	readonly now: number;
}): ArbiterHead {
	const {start, result} = run;

	if (!start) {
		return idleHead;
	}

	const hasEnded = phase === 'ended';
	const verdicts = settledVerdicts(run, phase);
	const verdict = verdicts.at(-1)?.verdict;
	const isVote = isVoteOf(run);
	const current = phase === 'members' || isVote ? null : call;
	const shown = stateOfCall(current, {attempts, now, hasEnded, known: calls});
	const {state, failure, numbers} = shown;
	const known = (id: string): Who =>
		names.get(id) ?? {number: 0, name: lineOf(id)};

	return {
		name: isVote ? 'vote' : whoWeighs(run, current),
		phase,
		state: isVote ? 'answered' : state,
		activity: doingOf({run, phase, call: current}, shown),
		failure,
		numbers,
		threshold: start.consortium.confidenceThreshold,
		weighed: weighedIn(run, verdicts, known),
		told: toldOf(run, phase, id => known(id).name),
		dissent: (verdict?.dissent ?? []).map(({text, who}) => ({
			text: lineOf(text),
			who: who.map(id => known(id)),
		})),
		refinementAreas: (verdict?.refinementAreas ?? []).map(area => lineOf(area)),
		problems: (verdict?.problems ?? []).map(problem => lineOf(problem)),
		ending: result ? result.reasons.map(reason => lineOf(reason)) : null,
	};
}

/**
What goes on, or how it ended.
*/
function doingOf(
	{
		run,
		phase,
		call,
	}: Pick<Scene, 'run' | 'phase'> & {readonly call: CallPicture | null},
	{
		state,
		word,
		inside,
	}: Pick<ReturnType<typeof stateOfCall>, 'state' | 'word' | 'inside'>,
): string {
	if (isVoteOf(run)) {
		return `no arbiter was asked · ${lineOf(run.iterations.at(-1)!.verdicts.at(-1)!.analysis)}`;
	}

	const finding = findingOut(run, phase);
	if (finding !== null) {
		return lineOf(finding);
	}

	const isOver = call !== null && (phase === 'ended' || call.outcome !== null);
	return state === 'retrying' || isOver
		? word
		: [activityOf(run, phase, call), ...(inside === null ? [] : [inside])].join(
				' · ',
			);
}

function weighedIn(
	run: RunState,
	verdicts: ReturnType<typeof verdictsOf>,
	known: (id: string) => Who,
): Weighed[] {
	let last: number | null = null;

	return verdicts.map(({iteration, verdict}) => {
		const {confidence, agreement} = verdict;
		const change =
			confidence === null || last === null ? null : confidence - last;
		last = confidence;

		return {
			iteration,
			confidence,
			vote: verdict.method === 'vote' ? confidenceText(verdict) : null,
			change,
			agreement,
			stated: answersOf(run.iterations[iteration - 1]!)
				.map(({start, outcome}) => ({
					number: known(start.speaker).number,
					confidence: outcome?.confidence ?? null,
				}))
				.toSorted((one, other) => one.number - other.number),
		};
	});
}
