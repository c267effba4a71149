import {type RunListener} from '../core/drive.js';
import {answersOf, verdictsOf} from '../core/answers.js';
import {
	emptyRun,
	foldRun,
	type CallPicture,
	type IterationPicture,
	type RunState,
} from '../core/run-state.js';
import {cut} from '../text/columns.js';
import {callerText} from '../text/deeds.js';
import {insideText} from '../text/inside.js';
import {
	agreementText,
	durationText,
	glyphOf,
	shareText,
} from '../text/phrases.js';
import {decidedText} from '../text/judging.js';
import {confidenceText} from '../text/outcome.js';
import {castLines, headline, oneLine} from './progress-lines.js';

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
	const judges = judgesIn(iteration);
	const width = Math.max(
		0,
		...[...shown, ...judges].map(call => [...callerText(run, call)].length),
	);

	return [
		`${durationText(now() - run.startedAt)} · ${headline(run.start)}`,
		...castLines(run.start),
		...verdictsOf(run).map(each => verdictRow(each)),
		`iteration ${iteration.iteration} of ${run.start.consortium.maxIterations}${countsOf(answers, shown)}`,
		...[...shown, ...judges].map(call =>
			callRow(call, run, {now: now(), width}),
		),
		...decidedRows(run),
	];
}

const mostJudges = 4;

/**
Those who weigh the answers now, or did last.
*/
function judgesIn({calls}: IterationPicture): CallPicture[] {
	const judging = calls.filter(({start}) => start.purpose !== 'answer');
	const open = judging.filter(({outcome}) => outcome === null);
	return open.length > 0 ? open.slice(0, mostJudges) : judging.slice(-1);
}

/**
Why these are asked and no others, where a strategy has a say in it.
*/
function decidedRows({decisions}: RunState): string[] {
	const last = decisions.at(-1);
	return last ? decidedText(last).map(text => `→ ${text}`) : [];
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

function verdictRow({
	iteration,
	verdict,
}: ReturnType<typeof verdictsOf>[number]): string {
	const {method, confidence, agreement} = verdict;
	const told =
		method === 'vote'
			? confidenceText(verdict)
			: `${bar(confidence)} ${shareText(confidence)}`;

	return `verdict ${iteration}: ${told} · ${agreementText(agreement)}`;
}

function callRow(
	call: CallPicture,
	run: RunState,
	{now, width}: {readonly now: number; readonly width: number},
): string {
	const {state, sentAt, outcome, retry} = call;
	const name = callerText(run, call).padEnd(width);
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
						: call.nested && call.text === ''
							? insideText(call.nested)
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
