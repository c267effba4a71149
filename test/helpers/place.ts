import {PassThrough} from 'node:stream';
import {type Place} from '../../source/commands/command.js';

/**
A place to run a command in without a process of its own, at a terminal if `columns` says how wide it is. `typed` is what the person types.
*/
export function placeAt({
	home,
	columns = null,
	typed = '',
}: {
	readonly home: string;
	readonly columns?: number | null;
	readonly typed?: string;
}): Place & {readonly written: () => {stdout: string; stderr: string}} {
	const terminal = columns === null ? {} : {isTTY: true, columns};
	const streamOf = () => {
		const stream = Object.assign(new PassThrough(), terminal);
		let text = '';
		stream.setEncoding('utf8').on('data', (chunk: string) => {
			text += chunk;
		});
		return {stream, text: () => text};
	};

	const stdout = streamOf();
	const stderr = streamOf();
	const stdin = Object.assign(new PassThrough(), terminal);
	stdin.end(typed);

	return {
		stdin,
		stdout: stdout.stream,
		stderr: stderr.stream,
		environment: {CONSORTIUM_TUI_HOME: home},
		version: '0.0.0',
		isDebug: false,
		written: () => ({stdout: stdout.text(), stderr: stderr.text()}),
	};
}
