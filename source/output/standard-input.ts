import {type Readable} from 'node:stream';

const patienceMs = 1000;

/**
Everything that is piped in, as text without its trailing line break. `onSilence` is told once when nothing has come for a second, since a pipe that nobody writes to looks like a program that hangs.
*/
export async function readAll(
	stream: Readable,
	onSilence: () => void,
): Promise<string> {
	const timer = setTimeout(onSilence, patienceMs);
	const decoder = new TextDecoder();
	let text = '';

	try {
		for await (const chunk of stream) {
			clearTimeout(timer);
			text += decoder.decode(chunk as Uint8Array, {stream: true});
		}
	} finally {
		clearTimeout(timer);
	}

	return (text + decoder.decode()).replace(/\r?\n$/v, '');
}
