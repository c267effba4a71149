import process from 'node:process';
import {createInterface} from 'node:readline';
import {Writable} from 'node:stream';
import {type Place} from './command.js';

const endings = {SIGINT: 130, SIGTERM: 143, SIGHUP: 129} as const;

/**
What a person types and nobody sees, up to Enter; or the exit code, when the person or a signal ends it. The terminal is put back either way.
*/
export async function typedSecret(
	{stdin, stderr}: Pick<Place, 'stdin' | 'stderr'>,
	question: string,
): Promise<
	{readonly secret: string} | {readonly secret: null; readonly exitCode: number}
> {
	const lines = createInterface({
		input: stdin,
		output: new Writable({
			write(_chunk, _encoding, done) {
				done();
			},
		}),
		terminal: true,
		historySize: 0,
	});
	const handlers: Array<readonly [NodeJS.Signals, () => void]> = [];

	try {
		return await new Promise(resolve => {
			for (const [name, exitCode] of Object.entries(endings)) {
				const signal = name as keyof typeof endings;
				const handler = () => {
					resolve({secret: null, exitCode});
				};

				handlers.push([signal, handler]);
				process.once(signal, handler);
			}

			// Whoever reads this can be sure of being heard, and unseen.
			stderr.write(`${question} (it is not shown): `);
			lines.once('line', secret => {
				resolve({secret});
			});
			// In this mode the terminal sends Ctrl+C as a key, and Ctrl+D closes.
			lines.once('SIGINT', () => {
				resolve({secret: null, exitCode: endings.SIGINT});
			});
			lines.once('close', () => {
				resolve({secret: ''});
			});
		});
	} finally {
		lines.close();
		stderr.write('\n');

		for (const [signal, handler] of handlers) {
			process.off(signal, handler);
		}
	}
}
