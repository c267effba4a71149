import {type RunListener} from '../core/drive.js';
import {type RunResult} from '../core/result.js';
import {type RunEvent} from '../core/events.js';
import {emptyRun, foldRun} from '../core/run-state.js';
import {createAnswerWriter} from '../output/answer.js';
import {createEventLines} from '../output/ndjson.js';
import {plain} from '../text/plain.js';
import {createProgressBlock} from '../output/progress-block.js';
import {createProgressLines} from '../output/progress-lines.js';
import {resultJson} from '../output/result-file.js';
import {summaryLine, verboseLines, warningLines} from '../output/summary.js';
import {newcomerSentences} from '../text/newcomers.js';
import {type Place} from './command.js';
import {sizeOf} from './table.js';

export type FaceFlags = {
	readonly answers: boolean;
	readonly json: boolean;
	readonly events: boolean;
	readonly raw: boolean;
	readonly verbose: boolean;
	readonly quiet: boolean;
};

/**
What a person or a script sees of a run.
*/
export type Face = {
	readonly listeners: readonly RunListener[];

	/**
	Hear what happened before, without showing it.
	*/
	readonly recall: (events: readonly RunEvent[]) => void;

	/**
	Show what is not shown yet, with more that a person should know.
	*/
	readonly finish: (result: RunResult, warnings: readonly string[]) => void;
};

type Progress = {
	readonly listen: RunListener;
	readonly recall: RunListener;
	readonly close: () => void;
};
type Output = {
	readonly listen: RunListener;
	readonly recall: RunListener;
	readonly finish: (result: RunResult) => void;
};

/**
Say which conversation goes on, and who starts anew in it.
*/
function newcomersOn(say: (line: string) => void): RunListener {
	return event => {
		if (event.type !== 'run-start' || event.turn === 1) {
			return;
		}

		say(`conversation ${event.conversationId}, question ${event.turn}`);

		for (const line of newcomerSentences(event)) {
			say(line);
		}
	};
}

/**
Choose how a run is shown: the answer, or the whole as JSON, on standard output; progress and everything about the run on standard error. Words of models are made harmless wherever a terminal reads them.
*/
export function createFace(
	flags: FaceFlags & {readonly isLogged: boolean},
	place: Place,
): Face {
	const {stdout, stderr} = place;
	const say = (line: string) => {
		stderr.write(`${plain(line)}\n`);
	};

	const progress = progressOn(flags, place, say);
	const picture = emptyRun();
	const fold: RunListener = event => {
		if (flags.verbose) {
			foldRun(picture, event);
		}
	};

	const output = outputOn(flags, place, {onStart: progress.close, say});

	return {
		listeners: [
			fold,
			output.listen,
			...(flags.quiet ? [] : [newcomersOn(say)]),
			progress.listen,
		],
		recall(events) {
			for (const event of events) {
				fold(event);
				progress.recall(event);
				output.recall(event);
			}
		},
		finish(result, warnings) {
			progress.close();
			output.finish(result);

			if (flags.quiet) {
				return;
			}

			// Where both go to one screen, an empty line keeps the answer apart.
			if (stdout.isTTY && stderr.isTTY && result.answer !== null) {
				say('');
			}

			const lines = [
				...warningLines(result),
				...warnings.map(warning => `! ${warning}`),
				...(flags.verbose ? verboseLines(result, picture) : []),
				summaryLine(result),
			];

			for (const line of lines) {
				say(line);
			}

			if (
				(result.status === 'cancelled' || result.status === 'limited') &&
				flags.isLogged
			) {
				say(
					`What was received is in the log. Go on with it: consortium-tui runs resume ${result.runId}`,
				);
			}
		},
	};
}

function progressOn(
	{quiet}: FaceFlags,
	{stderr, environment}: Place,
	say: (line: string) => void,
): Progress {
	if (quiet) {
		return {listen() {}, recall() {}, close() {}};
	}

	return stderr.isTTY && environment['TERM'] !== 'dumb'
		? createProgressBlock({
				write(text) {
					stderr.write(text);
				},
				columns: () => sizeOf(stderr).columns,
				rows: () => sizeOf(stderr).rows,
				now: Date.now,
				clean: plain,
			})
		: {...createProgressLines(say), close() {}};
}

function outputOn(
	flags: FaceFlags,
	{stdout}: Place,
	{
		onStart,
		say,
	}: {readonly onStart: () => void; readonly say: (line: string) => void},
): Output {
	if (flags.events) {
		return {listen: createEventLines(stdout), recall() {}, finish() {}};
	}

	if (flags.json) {
		return {
			listen() {},
			recall() {},
			finish(result) {
				stdout.write(resultJson(result));
			},
		};
	}

	const clean = stdout.isTTY ? plain : (text: string) => text;

	if (flags.raw) {
		return rawOn(text => {
			stdout.write(`${clean(text)}\n`);
		});
	}

	return createAnswerWriter(stdout, {
		withMembers: flags.answers,
		clean,
		onStart,
		onRepeat() {
			say(
				'! What was streamed was not the whole answer; it follows once more from its beginning.',
			);
		},
	});
}

/**
The unparsed text of the arbiter's call that is the answer; the answer itself where no verdict is.
*/
function rawOn(write: (text: string) => void) {
	let finalCallId: string | null = null;

	const listen: RunListener = event => {
		if (event.type === 'run-end') {
			finalCallId = event.finalCallId;
		}
	};

	return {
		listen,
		recall() {},
		finish({iterations, answer, status}: RunResult) {
			const verdict = iterations
				.flatMap(({verdicts}) => verdicts)
				.find(({callId}) => callId === finalCallId);
			const text = verdict?.raw ?? answer;

			if (text !== null && status !== 'cancelled') {
				write(text);
			}
		},
	};
}
