import {type RunListener} from '../core/drive.js';
import {answersOf} from '../core/answers.js';
import {
	emptyRun,
	foldRun,
	type CallPicture,
	type IterationPicture,
	type RunState,
} from '../core/run-state.js';
import {cut} from '../text/columns.js';
import {durationText, glyphOf, shareText} from '../text/phrases.js';
import {headline, oneLine} from './progress-lines.js';

const drawEveryMs = 100;
const mostRows = 12;
const escape = '\u001B';

export type Terminal = {
	readonly write: (text: string) => void;
	readonly columns: () => number;
	readonly rows: () => number;
	readonly now: () => number;
	readonly clean: (text: string) => string;
};

export type ProgressBlock = {
	readonly listen: RunListener;

	/**
	Hear what happened before, without drawing it.
	*/
	readonly recall: RunListener;

	/**
	Take the block off the screen for good.
	*/
	readonly close: () => void;
};

/**
Progress for a terminal: a small block, redrawn in place at most ten times a second, that never grows beyond the screen.
*/
export function createProgressBlock(terminal: Terminal): ProgressBlock {
	const run = emptyRun();
	let drawnRows = 0;
	let isClosed = false;
	let timer: NodeJS.Timeout | undefined;

	const erase = () =>
		drawnRows === 0 ? '' : `${escape}[${drawnRows}A\r${escape}[0J`;

	const draw = () => {
		const width = Math.max(20, terminal.columns() - 1);
		const rows = blockOf(run, terminal).map(row =>
			cut(terminal.clean(row), width),
		);
		const shown = rows.slice(0, Math.max(1, terminal.rows() - 2));
		terminal.write(`${erase()}${shown.join('\n')}\n`);
		drawnRows = shown.length;
	};

	const close = () => {
		if (!isClosed) {
			isClosed = true;
			clearInterval(timer);
			terminal.write(erase());
		}
	};

	return {
		recall(event) {
			foldRun(run, event);
		},
		listen(event) {
			foldRun(run, event);

			if (isClosed) {
				return;
			}

			if (event.type === 'run-start' || event.type === 'run-resume') {
				timer = setInterval(draw, drawEveryMs);
				timer.unref();
				draw();
			} else if (event.type === 'run-end') {
				close();
			}
		},
		close,
	};
}

/**
The block's rows: who does what, then the verdicts so far.
*/
function blockOf(run: RunState, {now}: Terminal): string[] {
	const iteration = run.iterations.at(-1);

	if (!run.start || !iteration) {
		return [run.start ? headline(run.start) : ''];
	}

	const answers = answersOf(iteration);
	const shown = mostTelling(answers);
	const arbiter = iteration.calls.findLast(
		({start}) => start.purpose !== 'answer',
	);
	const width = Math.max(
		0,
		...shown.map(({start}) => [...start.speaker].length),
	);

	return [
		`${durationText(now() - run.startedAt)} · ${headline(run.start)}`,
		...run.iterations
			.filter(({verdicts}) => verdicts.length > 0)
			.map(each => verdictRow(each)),
		`iteration ${iteration.iteration} of ${run.start.consortium.maxIterations}${countsOf(answers, shown)}`,
		...shown.map(call => callRow(call, now(), width)),
		...(arbiter ? [callRow(arbiter, now(), width)] : []),
	];
}

/**
As many calls as fit, those still at work before those that are done.
*/
function mostTelling(answers: readonly CallPicture[]): CallPicture[] {
	if (answers.length <= mostRows) {
		return [...answers];
	}

	const open = answers.filter(({outcome}) => outcome === null);
	const done = answers.filter(({outcome}) => outcome !== null);
	return [...open, ...done].slice(0, mostRows);
}

function countsOf(
	answers: readonly CallPicture[],
	shown: readonly CallPicture[],
): string {
	const done = answers.filter(({outcome}) => outcome !== null).length;
	return answers.length === shown.length
		? ''
		: ` · ${done} of ${answers.length} done, ${shown.length} shown`;
}

function verdictRow({iteration, verdicts}: IterationPicture): string {
	const {confidence, agreement} = verdicts.at(-1)!;
	return `verdict ${iteration}: ${bar(confidence)} ${shareText(confidence)} · agreement ${agreement === null ? 'unknown' : shareText(agreement)}`;
}

function callRow(call: CallPicture, now: number, width: number): string {
	const {start, state, sentAt, outcome, retry} = call;
	const name = start.speaker.padEnd(width);
	const since = durationText(
		outcome ? outcome.durationMs : now - (sentAt ?? call.startedAt),
	);
	const detail =
		retry === null
			? outcome?.failure
				? outcome.failure.message
				: outcome && outcome.confidence !== null
					? `${bar(outcome.confidence)} ${shareText(outcome.confidence)} ${outcome.final ?? ''}`
					: outcome
						? ''
						: oneLine(call.text.slice(-200), 200).slice(-60)
			: `in ${durationText(Math.max(0, retry.delayMs - (now - retry.since)))}: ${retry.failure.message}`;

	return `${glyphOf(state)} ${name} ${state.padEnd(9)} ${since.padStart(7)}  ${oneLine(detail, 160)}`;
}

/**
Ten cells for 0 to 1; dots when nothing was stated.
*/
export function bar(share: number | null): string {
	if (share === null) {
		return '··········';
	}

	const full = Math.round(share * 10);
	return '█'.repeat(full) + '░'.repeat(10 - full);
}
