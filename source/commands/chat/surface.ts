import {type Surface} from '../../ui/theme.js';
import {type Place} from '../command.js';

type Environment = Place['environment'];

const isSet = (value: string | undefined) => (value ?? '') !== '';

/**
Whether to talk in lines instead of drawing: wished for, or the terminal cannot, or nobody looks (`CI`).
*/
export function wantsLines(
	{screenReader}: {readonly screenReader: boolean},
	environment: Environment,
): boolean {
	return (
		screenReader ||
		environment['INK_SCREEN_READER'] === 'true' ||
		environment['TERM'] === 'dumb' ||
		(isSet(environment['CI']) && environment['CI'] !== 'false')
	);
}

/**
What the environment says of the terminal's colours. `COLORFGBG` ends in the number of the background: 7 and 15 are light.

@see https://no-color.org
*/
export function surfaceOf(environment: Environment): Surface {
	const forced = environment['FORCE_COLOR'];
	const isPlain =
		forced === '0' ||
		forced === 'false' ||
		(isSet(environment['NO_COLOR']) && !isSet(forced));
	const background = /;(?<number>\d+)$/.exec(environment['COLORFGBG'] ?? '')
		?.groups?.['number'];

	return {
		isPlain,
		background:
			background === undefined
				? null
				: ['7', '15'].includes(background)
					? 'light'
					: 'dark',
	};
}
