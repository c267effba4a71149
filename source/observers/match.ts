import {runInNewContext} from 'node:vm';

/**
Milliseconds for one pattern: nothing else happens meanwhile.
*/
const patienceMs = 1000;

/**
Whether a text matches a regular expression; or, in a sentence, why that cannot be found out: it takes more than a second, as with a pattern that tries ever more ways, or the engine gives up.
*/
export function matches(pattern: string, text: string): boolean | string {
	try {
		return (
			runInNewContext(
				"new RegExp(pattern, 'v').test(text)",
				{pattern, text},
				{timeout: patienceMs},
			) === true
		);
	} catch (error) {
		// It may be an error of the other context, which is no `Error` here.
		const {code, message} = error as {
			readonly code?: unknown;
			readonly message?: unknown;
		};

		return code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
			? 'It took more than a second and was given up.'
			: `It could not be searched: ${String(message)}.`;
	}
}
