import process from 'node:process';
import {type AbortKind} from '../../core/abort.js';

const endings = {
	SIGINT: {kind: 'person', exitCode: 130},
	SIGHUP: {kind: 'hangup', exitCode: 129},
	SIGQUIT: {kind: 'terminated', exitCode: 131},
	SIGTERM: {kind: 'terminated', exitCode: 143},
} as const satisfies Record<string, {kind: AbortKind; exitCode: number}>;

export type Ending = {
	/**
	0 when the person left by themselves.
	*/
	readonly exitCode: () => number;

	/**
	The signal did something else than to end the app.
	*/
	readonly forget: () => void;
	readonly close: () => void;
};

/**
Let the app leave in order when a signal ends it from outside. Ctrl+C in another program that has the terminal is for that one.
*/
export function watchEnding(
	leave: (kind: AbortKind) => void,
	isLent: () => boolean = () => false,
): Ending {
	let code = 0;
	const handlers = Object.entries(endings).map(([name, {kind, exitCode}]) => {
		const handler = () => {
			if (kind === 'person' && isLent()) {
				return;
			}

			code = exitCode;
			leave(kind);
		};

		process.on(name, handler);
		return {name, handler};
	});

	return {
		exitCode: () => code,
		forget() {
			code = 0;
		},
		close() {
			for (const {name, handler} of handlers) {
				process.off(name, handler);
			}
		},
	};
}

/**
A group of processes that no shell looks after cannot be stopped; after this long it is clear that it was not.
*/
const stoppedWithinMs = 200;

/**
Stop, with all that was started together, until the shell continues it.
*/
export async function suspend(): Promise<void> {
	const {promise, resolve} = Promise.withResolvers<void>();
	process.once('SIGCONT', resolve);
	process.kill(0, 'SIGTSTP');
	setTimeout(resolve, stoppedWithinMs);
	await promise;
	process.off('SIGCONT', resolve);
}
