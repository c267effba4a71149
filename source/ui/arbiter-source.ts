import {answersOf, isUsable, verdictsOf} from '../core/answers.js';
import {type CallPicture, type RunState} from '../core/run-state.js';
import {cleaned} from '../text/cleaner.js';
import {wrapped} from '../text/columns.js';
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
import {lineOf, shortModel} from './shown-names.js';

const idleHead: ArbiterHead = {
	name: '',
	phase: 'idle',
	state: 'waiting',
	activity: '',
	failure: null,
	numbers: noNumbers,
	threshold: 0,
	weighed: [],
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
The arbiter as it changes: told of every event about its calls, asked for a view once a frame.
*/
export type ArbiterSource = {
	readonly adopt: (call: CallPicture) => void;
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

	return {
		touch,
		adopt(next) {
			call = next;
			attempts = null;
			text.show(next);
			touch();
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
	const synthesis = verdictsOf(run).at(-1)?.verdict.synthesis ?? null;

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

	const current = phase === 'members' ? null : call;
	const hasEnded = phase === 'ended';
	const verdict = verdictsOf(run).at(-1)?.verdict;
	const speakers = current ? [current.start] : start.arbiters;
	const {state, word, failure, numbers} = stateOfCall(current, {
		attempts,
		now,
		hasEnded,
		known: calls,
	});
	const isOver = current !== null && (hasEnded || current.outcome !== null);
	const known = (id: string): Who =>
		names.get(id) ?? {number: 0, name: lineOf(id)};

	return {
		name: speakers.map(({model}) => shortModel(model)).join(', '),
		phase,
		state,
		activity:
			state === 'retrying' || isOver ? word : activityOf(run, phase, current),
		failure,
		numbers,
		threshold: start.consortium.confidenceThreshold,
		weighed: weighedIn(run, known),
		dissent: (verdict?.dissent ?? []).map(({text, who}) => ({
			text: lineOf(text),
			who: who.map(id => known(id)),
		})),
		refinementAreas: (verdict?.refinementAreas ?? []).map(area => lineOf(area)),
		problems: (verdict?.problems ?? []).map(problem => lineOf(problem)),
		ending: result ? result.reasons.map(reason => lineOf(reason)) : null,
	};
}

const count = (number: number, noun: string) =>
	`${number} ${noun}${number === 1 ? '' : 's'}`;

function activityOf(
	run: RunState,
	phase: Phase,
	call: CallPicture | null,
): string {
	const iteration = run.iterations.at(-1);
	const answers = iteration ? answersOf(iteration) : [];

	if (phase === 'members') {
		const all = iteration?.instances.length ?? run.start!.instances.length;
		const open = all - answers.filter(({outcome}) => outcome !== null).length;
		return `waits for ${open} of ${count(all, 'answer')}`;
	}

	if (!call) {
		return 'was not asked';
	}

	if (call.start.purpose === 'repair') {
		return 'is asked once more for what was missing';
	}

	const usable = answers.filter(answer => isUsable(answer)).length;
	return call.state === 'answering'
		? `weighs ${count(usable, 'answer')}`
		: call.state === 'thinking'
			? `thinks about ${count(usable, 'answer')}`
			: `reads ${count(usable, 'answer')}`;
}

function weighedIn(run: RunState, known: (id: string) => Who): Weighed[] {
	let last: number | null = null;

	return verdictsOf(run).map(({iteration, verdict}) => {
		const {confidence, agreement} = verdict;
		const change =
			confidence === null || last === null ? null : confidence - last;
		last = confidence;

		return {
			iteration,
			confidence,
			change,
			agreement,
			stated: answersOf(run.iterations[iteration - 1]!).map(
				({start, outcome}) => ({
					number: known(start.speaker).number,
					confidence: outcome?.confidence ?? null,
				}),
			),
		};
	});
}
