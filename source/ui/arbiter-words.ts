import {
	answersOf,
	isPartOfPanel,
	isUsable,
	verdictsOf,
} from '../core/answers.js';
import {isPlainReason} from '../core/plain-reasons.js';
import {
	type CallPicture,
	type IterationPicture,
	type RunState,
} from '../core/run-state.js';
import {
	counted,
	meanPlaces,
	observationText,
	panelText,
	rankingText,
	savedIn,
	savedText,
} from '../text/judging.js';
import {glyphOf, wordOf} from '../text/phrases.js';
import {type Phase, type Told} from './run-views.js';
import {lineOf, shortModel, shownNames} from './shown-names.js';

type NameOf = (id: string) => string;

/**
The verdict of each iteration, as soon as nothing more is to come of it: what one arbiter of a panel says is a part of it, and so is what comes of the first order while the other is judged.
*/
export function settledVerdicts(
	run: RunState,
	phase: Phase,
): ReturnType<typeof verdictsOf> {
	const current = run.iterations.at(-1);
	const open = phase === 'ended' ? null : current?.iteration;
	const verdicts = verdictsOf(run).filter(
		({iteration}) => iteration !== open || !isInOtherOrder(current!, phase),
	);
	const whole = verdicts.filter(({verdict}) => !isPartOfPanel(run, verdict));

	// Better than nothing, once nothing more comes.
	return phase === 'ended' && whole.length === 0 ? verdicts : whole;
}

/**
Whether the answers are judged in the opposite order now.
*/
function isInOtherOrder(
	{calls, verdicts}: IterationPicture,
	phase: Phase,
): boolean {
	return (
		phase === 'arbiter' &&
		verdicts.some(({method}) => method === 'rank' || method === 'pick') &&
		calls.some(
			({start, outcome}) => start.purpose === 'rank' && outcome === null,
		)
	);
}

/**
Whether the answers of the present iteration were counted, and nobody asked to weigh them.
*/
export function isVoteOf({iterations}: RunState): boolean {
	return iterations.at(-1)?.verdicts.at(-1)?.method === 'vote';
}

/**
Whose pane it is.
*/
export function whoWeighs(run: RunState, call: CallPicture | null): string {
	const {arbiters, consortium} = run.start!;
	const names = (models: ReadonlyArray<{readonly model: string}>) =>
		models.map(({model}) => shortModel(model)).join(', ');
	const all = shownNames(arbiters)
		.values()
		.map(({name}) => name)
		.toArray();

	return call?.start.purpose === 'review'
		? 'reviews'
		: consortium.judging === 'panel'
			? `panel ${all.join(', ')}`
			: arbiterText(names(call ? [call.start] : arbiters));
}

/**
A model that is called so needs not be called an arbiter.
*/
const arbiterText = (names: string) =>
	/^arbiter\b/v.test(names) ? names : `arbiter ${names}`;

/**
What whoever weighs does now.
*/
export function activityOf(
	run: RunState,
	phase: Phase,
	call: CallPicture | null,
): string {
	const iteration = run.iterations.at(-1);
	const answers = iteration ? answersOf(iteration) : [];

	if (phase === 'members') {
		const all = iteration?.instances.length ?? run.start!.instances.length;
		const open = all - answers.filter(({outcome}) => outcome !== null).length;
		return `waits for ${open} of ${counted(all, 'answer')}`;
	}

	if (!call || !iteration) {
		return 'was not asked';
	}

	const {purpose, labels} = call.start;
	if (purpose === 'repair') {
		return 'is asked once more for what was missing';
	}

	const together = iteration.calls.filter(
		({start, state}) => start.purpose === purpose && state !== 'cancelled',
	);
	const done = together.filter(({outcome}) => outcome !== null).length;
	if (purpose === 'review') {
		return `${done} of ${counted(together.length, 'review')}`;
	}

	// It is not shown every answer, and keeps one that is left out afterwards.
	const usable = counted(
		labels === null
			? answers.filter(answer => isUsable(answer)).length
			: Object.keys(labels).length,
		'answer',
	);

	if (purpose === 'synthesis' && together.length > 1) {
		return `${done} of ${together.length} have weighed ${usable}`;
	}

	if (purpose === 'rank') {
		const isPick = run.start!.consortium.judging === 'pick';
		return together.length > 1
			? `${isPick ? 'chooses' : 'judges'} again in the opposite order`
			: isPick
				? `chooses one of ${usable}`
				: `puts ${usable} in order`;
	}

	return call.state === 'answering'
		? `weighs ${usable}`
		: call.state === 'thinking'
			? `thinks about ${usable}`
			: `reads ${usable}`;
}

/**
What is being found out, in a sentence; null when nothing is.
*/
export function findingOut(
	{decisions, observations}: RunState,
	phase: Phase,
): string | null {
	const last = decisions.at(-1);
	const begun = decisions.filter(({action}) => action === 'observe');

	return phase !== 'ended' &&
		last?.action === 'observe' &&
		observations.length < begun.length
		? `finds out: ${last.reason}`
		: null;
}

/**
What there is to know of how the answers are weighed, the most telling first.
*/
export function toldOf(run: RunState, phase: Phase, nameOf: NameOf): Told[] {
	const weighed = run.iterations.findLast(
		({calls, verdicts}) =>
			verdicts.length > 0 || calls.some(({start}) => isJudging(start)),
	);
	const observed = run.observations.at(-1)?.observation;
	const saved = savedIn(run);
	const told = (label: string, text: string): Told[] =>
		text === '' ? [] : [{label, text: lineOf(text)}];

	return [
		...(weighed ? judgingTold(weighed, run, {phase, nameOf, told}) : []),
		...told('quorum', quorumText(run, nameOf)),
		...told('found out', observed ? observationText(observed) : ''),
		...told(
			saved?.isPutOff ? 'put off' : 'saved',
			saved ? savedText(saved) : '',
		),
		...whysOf(run, phase).flatMap(why => told('why', why)),
	];
}

/**
Whom the strategy let go in the present iteration, since enough had answered; empty for nobody.
*/
function quorumText({iterations}: RunState, nameOf: NameOf): string {
	const current = iterations.at(-1);
	const answers = current ? answersOf(current) : [];
	const letGo = answers.filter(({outcome}) => outcome?.abort === 'strategy');
	const answered = answers.filter(({state}) => state === 'answered').length;

	return letGo.length === 0
		? ''
		: `${answered} of ${current!.instances.length} answered, grace over; ${letGo.map(({start}) => nameOf(start.speaker)).join(', ')} let go`;
}

const isJudging = ({purpose}: CallPicture['start']) => purpose !== 'answer';

function judgingTold(
	iteration: IterationPicture,
	run: RunState,
	{
		phase,
		nameOf,
		told,
	}: {
		readonly phase: Phase;
		readonly nameOf: NameOf;
		readonly told: (label: string, text: string) => Told[];
	},
): Told[] {
	const last = iteration.verdicts.at(-1);
	const isOrdered = last?.method === 'rank' || last?.method === 'pick';
	const isTie = isOrdered && (last.ranking[0]?.length ?? 0) > 1;

	return [
		...told('panel', panelOf(iteration, run)),
		...told(
			isInOtherOrder(iteration, phase) ? 'first order' : 'order',
			isOrdered
				? `${isTie ? 'a tie: ' : ''}${rankingText(last.ranking, nameOf)}`
				: '',
		),
		...told('mean places', meanPlaces(iteration, nameOf)),
	];
}

/**
Each arbiter of a panel with what it does or, when there is their verdict, what it is the median of.
*/
function panelOf(iteration: IterationPicture, {start}: RunState): string {
	const names = shownNames(start!.arbiters);
	const nameOf = (id: string) => names.get(id)?.name ?? id;
	const calls = iteration.calls.filter(
		({start: {purpose}}) => purpose === 'synthesis',
	);

	return (
		panelText(iteration, nameOf) ||
		(calls.length < 2
			? ''
			: calls
					.map(
						({start: {speaker}, state}) =>
							`${nameOf(speaker)} ${glyphOf(state)} ${wordOf(state)}`,
					)
					.join(', '))
	);
}

/**
Why these are asked or heard and no others, in the iteration that is shown, where a strategy has a say in it: while members speak as it was decided last, then what it decided since that iteration was begun, what decides last. A vote says so of itself, and the end why it ended.
*/
function whysOf(run: RunState, phase: Phase): string[] {
	const {start, decisions, iterations} = run;

	if (start!.consortium.strategies.every(({name}) => name === 'default')) {
		return [];
	}

	const begun = decisions.findLastIndex(
		({action, iteration}) => action === 'ask' && iteration < iterations.length,
	);
	const told = decisions
		.slice(Math.max(0, begun))
		.filter(
			({action, reason}) =>
				(action === 'ask' || action === 'judge') && !isPlainReason(reason),
		);

	return (
		phase === 'members'
			? told.slice(-1)
			: told
					.filter(
						({action, iteration}) =>
							iteration > 0 && !(action === 'judge' && isVoteOf(run)),
					)
					.slice(-2)
	).map(({reason}) => reason);
}
