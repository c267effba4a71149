import {fstatSync, writeSync} from 'node:fs';
import {Writable} from 'node:stream';
import {type Place} from './command.js';

type Output = Place['stdout'];

/**
The standard output to write to. Node writes once to a file, and takes what a full disk left out of it for written: here, all of it is written, or the error is met.
*/
export function standardOutput(stream: Output & {readonly fd: number}): Output {
	if (!fstatSync(stream.fd).isFile()) {
		return stream;
	}

	return new Writable({
		write(chunk: Uint8Array, _encoding, done) {
			try {
				for (let written = 0; written < chunk.length;) {
					written += writeSync(stream.fd, chunk, written);
				}

				done();
			} catch (error) {
				done(error as Error);
			}
		},
	});
}

/**
Whether an error of an output says that nobody is there to read it, which is no trouble. A terminal has no others.
*/
export function isReaderGone(
	error: NodeJS.ErrnoException,
	{isTTY = false}: Output,
): boolean {
	return isTTY || error.code === 'EPIPE' || error.code === 'ECONNRESET';
}

/**
Wait until everything written has found its way or met its error, which comes only after the write.
*/
export async function settled(stream: Output): Promise<void> {
	await new Promise<void>(resolve => {
		stream.write('', () => {
			setImmediate(resolve);
		});
	});
}
