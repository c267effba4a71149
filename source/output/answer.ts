import {type Writable} from 'node:stream';
import {answersOf} from '../core/answers.js';
import {type RunListener} from '../core/drive.js';
import {type RunResult} from '../core/result.js';
import {emptyRun, foldRun, type RunState} from '../core/run-state.js';

export type AnswerWriter = {
	readonly listen: RunListener;

	/**
	Hear what members said before; nothing of it is written yet.
	*/
	readonly recall: RunListener;

	/**
	Write what is not written yet, and end the line.
	*/
	readonly finish: (result: RunResult) => void;
};

export type AnswerOptions = {
	/**
	Let the members' answers go first, each under its name.
	*/
	readonly withMembers: boolean;

	/**
	What may reach the stream; the identity where the reader is no terminal.
	*/
	readonly clean: (text: string) => string;

	/**
	Told right before the first thing is written.
	*/
	readonly onStart: () => void;

	/**
	Told when what was written turned out not to be the answer, which therefore follows once more, whole.
	*/
	readonly onRepeat: () => void;
};

/**
The answer for pipes: written as it streams, once it is certain to be the final one, and nothing else.
*/
export function createAnswerWriter(
	stream: Writable,
	{withMembers, clean, onStart, onRepeat}: AnswerOptions,
): AnswerWriter {
	const run = emptyRun();
	let hasStarted = false;
	let written = '';
	let current = '';
	let startedOver = false;
	let isLineOpen = false;

	const write = (text: string) => {
		if (!hasStarted) {
			hasStarted = true;
			onStart();

			if (withMembers) {
				const sections = saidIn(run).map(
					([id, answer]) => `## ${id}\n\n${answer}\n\n`,
				);
				stream.write(clean(`${sections.join('')}## Answer\n\n`));
			}
		}

		stream.write(clean(text));
		isLineOpen = true;
	};

	// At once, and not at the end of the run: what follows on the same screen stands on a line of its own.
	const endLine = () => {
		if (isLineOpen) {
			stream.write('\n');
			isLineOpen = false;
		}
	};

	const show = (text: string, isWhole = false) => {
		const isBegun = written.startsWith(text);
		const hasMore = written.slice(text.length).trim() !== '';

		if (text.startsWith(written)) {
			if (text.length > written.length) {
				write(text.slice(written.length));
				written = text;
			}
		} else if (!isBegun || (isWhole && hasMore)) {
			onRepeat();
			write(isLineOpen ? `\n\n${text}` : `\n${text}`);
			written = text;
		}
	};

	const recall: RunListener = event => {
		if (withMembers) {
			foldRun(run, event);
		}
	};

	return {
		recall,
		listen(event) {
			recall(event);

			switch (event.type) {
				case 'call-end': {
					if (event.purpose !== 'answer' && written !== '') {
						endLine();
					}

					break;
				}

				case 'call-retry': {
					if (event.startsOver && written !== '') {
						startedOver = true;
						current = '';
					}

					break;
				}

				case 'answer-delta': {
					if (startedOver) {
						current += event.text;
						show(current);
					} else {
						write(event.text);
						written += event.text;
					}

					break;
				}

				default: {
					break;
				}
			}
		},
		finish({answer, status}) {
			if (answer !== null && status !== 'cancelled') {
				show(answer, true);
			}

			endLine();
		},
	};
}

/**
What each instance said last, of its calls those that count.
*/
function saidIn({start, iterations}: RunState): Array<[string, string]> {
	const said = new Map(start?.instances.map(({id}) => [id, '(no answer)']));

	for (const iteration of iterations) {
		for (const {start: call, text} of answersOf(iteration)) {
			if (text.trim() !== '') {
				said.set(call.speaker, text.trim());
			}
		}
	}

	return [...said];
}
