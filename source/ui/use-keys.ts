import {useEffect, useRef} from 'react';
import {useInput, usePaste, useStdin} from 'ink';
import {type KeyPress, keyPressesOf, pasteOf} from './keys.js';

/**
Where Ink tells its own hooks of each key: whole sequences in order, without pastes. The bytes of stdin, which are public, would have to be taken apart a second time.
*/
type InkInput = {
	readonly internal_eventEmitter: {
		prependListener: (
			event: 'input',
			listener: (sequence: string) => void,
		) => void;
		removeListener: (
			event: 'input',
			listener: (sequence: string) => void,
		) => void;
	};
};

/**
Hear every key and every paste, in order. It is always the handler of the latest render that is called; of several keys that arrive at once all are told to the same one.
*/
export function useKeys(onPress: (key: KeyPress) => void): void {
	const sequence = useRef('');
	const {internal_eventEmitter: ink} = useStdin() as unknown as InkInput;

	useEffect(() => {
		const note = (heard: string) => {
			sequence.current = heard;
		};

		ink.prependListener('input', note);

		return () => {
			ink.removeListener('input', note);
		};
	}, [ink]);

	useInput((input, key) => {
		for (const press of keyPressesOf(input, key, sequence.current)) {
			onPress(press);
		}
	});

	usePaste(text => {
		onPress(pasteOf(text));
	});
}
