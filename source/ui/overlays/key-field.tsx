import {Box, Text, useInput, usePaste} from 'ink';
import TextInput from 'ink-text-input';
import {useRef, useState, type RefObject} from 'react';
import {type Theme} from '../theme.js';

/**
Where a key is typed. Its text is here and nowhere else, and is never drawn.
*/
export function KeyField({
	theme,
	mistakeIn,
	onSubmit,
}: {
	readonly theme: Theme;

	/**
	Why a text is not taken, in a sentence; null when it is.
	*/
	readonly mistakeIn: (key: string) => string | null;
	readonly onSubmit: (key: string) => void;
}) {
	const [value, setShown] = useState('');
	// What is there now: keys that come together find what the one before left.
	const valueRef = useRef('');
	const [mistake, setMistake] = useState<string | null>(null);
	const isTypedRef = useRef(true);

	const setValue = (text: string) => {
		valueRef.current = text;
		setShown(text);
	};

	const submit = () => {
		const key = valueRef.current.trim();

		if (key === '') {
			return;
		}

		const found = mistakeIn(key);
		setMistake(found);

		if (found === null) {
			onSubmit(key);
		} else {
			// Nobody can mend what cannot be seen.
			setValue('');
		}
	};

	/**
	The field tells its change to what was last drawn, which may be behind what is there.
	*/
	const changed = (text: string) => {
		if (valueRef.current === value) {
			return text;
		}

		return text.startsWith(value)
			? valueRef.current + text.slice(value.length)
			: valueRef.current.slice(0, text.length - value.length);
	};

	usePaste(text => {
		setValue(valueRef.current + text.trim());
	});

	return (
		<Box flexDirection="column">
			<Box>
				<Text {...theme.accent}>{'key '}</Text>
				<KeyGuard
					isTypedRef={isTypedRef}
					onClear={() => {
						setValue('');
					}}
				/>
				<TextInput
					value={value}
					mask="*"
					onChange={text => {
						if (!isTypedRef.current) {
							return;
						}

						// A terminal that is busy, or that does not mark what is pasted, tells Enter together with the rest.
						const [line, ...rest] = changed(text).split(/[\r\n]/);
						setValue(line!);

						if (rest.length > 0) {
							submit();
						}
					}}
					onSubmit={submit}
				/>
			</Box>
			{mistake !== null && (
				<Text {...theme.warn}>{`${mistake} Type it again.`}</Text>
			)}
		</Box>
	);
}

/**
Stands before the field, so that it hears a key first: the field takes Ctrl+A for an `a`, and in a key that cannot be seen nobody would notice.
*/
function KeyGuard({
	isTypedRef,
	onClear,
}: {
	readonly isTypedRef: RefObject<boolean>;
	readonly onClear: () => void;
}) {
	useInput((input, {ctrl, meta}) => {
		isTypedRef.current = !ctrl && !meta;

		if (ctrl && input === 'u') {
			onClear();
		}
	});

	return null;
}
