import {type RunListener} from '../core/drive.js';
import {type RunEvent, type RunEventBody} from '../core/events.js';
import {unreachable} from '../core/unreachable.js';
import {
	controlText,
	costText,
	durationText,
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
	const names = new Map<string, string>();

	const recall: RunListener = event => {
		if (event.type === 'call-start') {
			names.set(event.callId, event.speaker);
		}
	};

	return {
		recall,
		listen(event) {
			recall(event);

			for (const line of linesFor(event, names)) {
				writeLine(line);
			}
		},
	};
}

/**
What there is to say about one event.
*/
function linesFor(
	event: RunEvent,
	names: ReadonlyMap<string, string>,
): string[] {
	switch (event.type) {
		case 'run-start': {
			return [headline(event)];
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
				`  ↻ ${names.get(callId)} attempt ${attempt} of ${maxAttempts} failed: ${failure.message} ${startsOver ? 'Starting over' : 'Trying again'} in ${durationText(delayMs)}.`,
			];
		}

		case 'call-end': {
			return [isBrokenOff(event) ? brokenOffLine(event) : callLine(event)];
		}

		case 'verdict': {
			const {confidence, agreement, problems} = event.verdict;
			return [
				`  verdict: confidence ${shareText(confidence)}, agreement ${agreement === null ? 'unknown' : shareText(agreement)}`,
				...problems.map(problem => `  ! ${problem}`),
			];
		}

		case 'control': {
			return [`  ■ ${controlText(event)} (${event.by})`];
		}

		case 'call-carry': {
			const {start, outcome} = event;
			return [
				`  ${glyphOf(outcome.state)} ${start.speaker} ${outcome.state} in an earlier run`,
			];
		}

		case 'decision':
		case 'call-start':
		case 'call-send':
		case 'call-delta':
		case 'call-mark':
		case 'answer-delta':
		case 'nested':
		case 'run-end': {
			return [];
		}

		default: {
			return unreachable(event);
		}
	}
}

/**
What a run is about to do, in a line.
*/
export function headline({
	consortium,
	instances,
	arbiters,
	simulated,
}: Extract<RunEventBody, {type: 'run-start'}>): string {
	const {name, maxIterations, confidenceThreshold, stop} = consortium;

	return [
		name,
		simulated ? ' (simulated: the answers mean nothing)' : '',
		` · ${instances.length} instance${instances.length === 1 ? '' : 's'}, arbiter ${arbiters.map(({model}) => model).join(', ')}`,
		` · ${stop} ≥ ${shareText(confidenceThreshold)}`,
		` · at most ${maxIterations} iteration${maxIterations === 1 ? '' : 's'}`,
	].join('');
}

type CallEnd = Extract<RunEvent, {type: 'call-end'}>;

/**
Whether a call ended with a run that was resumed since.
*/
const isBrokenOff = ({outcome}: CallEnd) =>
	outcome.state === 'cancelled' && outcome.abort === null;

const brokenOffLine = ({speaker}: CallEnd) =>
	`  ${glyphOf('cancelled')} ${speaker} had been broken off`;

function callLine({
	speaker,
	purpose,
	outcome,
}: Extract<RunEvent, {type: 'call-end'}>): string {
	const {state, confidence, durationMs, costUsd, failure, final} = outcome;

	return [
		`  ${glyphOf(state)} ${speaker}`,
		purpose === 'answer' || purpose === 'synthesis' ? '' : ` (${purpose})`,
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
