import {type RunListener} from '../core/drive.js';
import {type RunEvent, type RunEventBody} from '../core/events.js';
import {type SavedConsortium} from '../core/consortium.js';
import {type JudgeMethod} from '../core/result.js';
import {emptyRun, foldRun, type RunState} from '../core/run-state.js';
import {unreachable} from '../core/unreachable.js';
import {callerText, deedText} from '../text/deeds.js';
import {
	decidedText,
	observationText,
	rankingText,
	spareAtEnd,
	verdictTitle,
} from '../text/judging.js';
import {givenAtEnd, verdictFigures} from '../text/outcome.js';
import {
	costText,
	durationText,
	endText,
	glyphOf,
	shareText,
} from '../text/phrases.js';

/**
Progress for logs and pipes: a line for each thing that happened, none for a token.
*/
export function createProgressLines(writeLine: (line: string) => void): {
	readonly listen: RunListener;

	/**
	Hear what happened before, without telling it.
	*/
	readonly recall: RunListener;
} {
	let run = emptyRun();

	const recall: RunListener = event => {
		// One run may come after another.
		run = event.type === 'run-start' ? emptyRun() : run;
		foldRun(run, event);
	};

	return {
		recall,
		listen(event) {
			recall(event);

			for (const line of linesFor(event, run)) {
				writeLine(line);
			}
		},
	};
}

/**
What there is to say about one event that is in the picture already.
*/
function linesFor(event: RunEvent, run: RunState): string[] {
	switch (event.type) {
		case 'run-start': {
			return [headline(event), ...castLines(event)];
		}

		case 'run-resume': {
			return ['going on where it was broken off'];
		}

		case 'iteration-start': {
			return [`iteration ${event.iteration}: ${event.instances.length} asked`];
		}

		case 'call-retry': {
			const {callId, attempt, maxAttempts, delayMs, failure, startsOver} =
				event;
			return [
				`  ↻ ${callerText(run, run.calls.get(callId)!)} attempt ${attempt} of ${maxAttempts} failed: ${failure.message} ${startsOver ? 'Starting over' : 'Trying again'} in ${durationText(delayMs)}.`,
			];
		}

		case 'call-end': {
			return [isBrokenOff(event) ? brokenOffLine(event) : callLine(event, run)];
		}

		case 'verdict': {
			const {arbiter, verdict} = event;
			const {problems, method} = verdict;
			const title =
				method === 'synthesis' && run.start?.arbiters.length === 1
					? 'verdict'
					: verdictTitle({...verdict, arbiter});
			const order =
				verdict.ranking.length > 0 && isOrdered.has(method)
					? [rankingText(verdict.ranking)]
					: [];
			return [
				`  ${title}: ${[
					...(method === 'review' ? [] : verdictFigures(verdict).slice(0, 2)),
					...order,
				].join(', ')}`,
				...problems.map(problem => `  ! ${problem}`),
			];
		}

		case 'decision': {
			return decidedText(event).map(text => `  → ${text}`);
		}

		case 'observation': {
			return [`  ${observationText(event.observation)}`];
		}

		case 'control': {
			return [`  ■ ${deedText(event, run)}`];
		}

		case 'call-carry': {
			const {start, outcome} = event;
			return [
				`  ${glyphOf(outcome.state)} ${start.speaker} ${outcome.state} in an earlier run`,
			];
		}

		case 'nested': {
			const {parentCallId, event: inner} = event;

			const call = run.calls.get(parentCallId)!;

			// Who answers inside is told by its steps.
			return inner.type === 'run-start'
				? []
				: linesFor(inner, call.nested!).map(
						line => `    ${callerText(run, call)} → ${line.trimStart()}`,
					);
		}

		case 'call-start':
		case 'call-send':
		case 'call-delta':
		case 'call-mark':
		case 'answer-delta': {
			return [];
		}

		case 'run-end': {
			const given = givenAtEnd(event.result);
			return [
				...spareAtEnd(run).map(text => `  → ${text}`),
				...(given === null ? [] : [`  ${given}`]),
			];
		}

		default: {
			return unreachable(event);
		}
	}
}

const isOrdered: ReadonlySet<JudgeMethod> = new Set(['rank', 'pick', 'review']);

/**
What a run is about to do, in a line.
*/
export function headline({
	consortium,
	instances,
	arbiters,
	simulated,
}: Pick<
	Extract<RunEventBody, {type: 'run-start'}>,
	'consortium' | 'simulated'
> & {
	readonly instances: readonly unknown[];
	readonly arbiters: ReadonlyArray<{readonly model: string}>;
}): string {
	const {name, maxIterations} = consortium;

	return [
		name,
		simulated ? ' (simulated: the answers mean nothing)' : '',
		` · ${instances.length} instance${instances.length === 1 ? '' : 's'}, arbiter ${arbiters.map(({model}) => model).join(', ')}`,
		howText(consortium),
		` · at most ${maxIterations} iteration${maxIterations === 1 ? '' : 's'}`,
	].join('');
}

/**
Who has which role and whose word counts how much, a line each where anybody has one.
*/
export function castLines({
	instances,
}: Pick<Extract<RunEventBody, {type: 'run-start'}>, 'instances'>): string[] {
	const roles = instances.flatMap(({id, role}) =>
		role === null ? [] : [`${id} ${oneLine(role, 40)}`],
	);
	const weights = instances.flatMap(({id, weight}) =>
		weight === 1 ? [] : [`${id} ×${Number(weight.toFixed(2))}`],
	);

	return [
		...(roles.length === 0 ? [] : [`roles: ${roles.join(', ')}`]),
		...(weights.length === 0 ? [] : [`weights: ${weights.join(', ')}`]),
	];
}

/**
Who is asked, how answers are weighed and what ends it, as far as it is not the usual.
*/
function howText({strategies, judging, ...ending}: SavedConsortium): string {
	const names = strategies
		.map(({name}) => name)
		.filter(name => name !== 'default');

	return [
		...(names.length === 0 ? [] : [names.join(' + ')]),
		...(judging === 'synthesis' ? [] : [judging]),
		endText(ending),
	]
		.map(part => ` · ${part}`)
		.join('');
}

type CallEnd = Extract<RunEvent, {type: 'call-end'}>;

/**
Whether a call ended with a run that was resumed since.
*/
const isBrokenOff = ({outcome}: CallEnd) =>
	outcome.state === 'cancelled' && outcome.abort === null;

const brokenOffLine = ({speaker}: CallEnd) =>
	`  ${glyphOf('cancelled')} ${speaker} had been broken off`;

function callLine({callId, purpose, outcome}: CallEnd, run: RunState): string {
	const {state, confidence, durationMs, costUsd, failure, final} = outcome;

	return [
		`  ${glyphOf(state)} ${callerText(run, run.calls.get(callId)!)}`,
		purpose === 'answer' || purpose === 'synthesis'
			? ''
			: ` (${purpose === 'rank' ? run.start?.consortium.judging : purpose})`,
		` ${state} in ${durationText(durationMs)}`,
		confidence === null ? '' : `, confidence ${shareText(confidence)}`,
		costUsd === null || costUsd === 0 ? '' : `, ${costText(costUsd)}`,
		final === null ? '' : `: ${oneLine(final, 60)}`,
		failure === null ? '' : `: ${failure.message}`,
	].join('');
}

/**
A text cut to one line of at most `length` characters.
*/
export function oneLine(text: string, length: number): string {
	const folded = text
		.slice(0, 4 * length)
		.replaceAll(/\s+/gv, ' ')
		.trim();
	return folded.length > length ? `${folded.slice(0, length - 1)}…` : folded;
}
