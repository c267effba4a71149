import {
	findResponses,
	type ResponseSearch,
} from '../../store/find-responses.js';
import {type Log} from '../../store/log.js';
import {readResponses} from '../../store/responses.js';
import {plain} from '../../text/plain.js';
import {type Place} from '../command.js';
import {paragraph, widthOf} from '../table.js';
import {withLog} from '../with-log.js';
import {noWords} from '../words.js';
import {listingForms, textLengthOf} from './listing-forms.js';
import {formOf, isSelective, requestOf} from './listing-request.js';
import {type LogsCall} from './logs-call.js';

/**
Responses that flags ask for, the latest last, or the best match first.
*/
export async function list(call: LogsCall): Promise<number> {
	const {input, flags, place, usage} = call;
	noWords(input, usage);
	const form = formOf(flags);
	const request = requestOf(flags);
	const isAnything = await withLog(place, async log =>
		print(call, log, request(log)),
	);

	if (form === 'json') {
		if (isAnything === null) {
			place.stdout.write('[]\n');
		}
	} else if (!isAnything) {
		place.stderr.write(paragraph(nothing(flags), place.stderr));
	}

	return 0;
}

/**
Write what was found, a response at a time, as the log may be larger than the memory; whether there was anything to write.
*/
async function print(
	{flags, place}: LogsCall,
	log: Log,
	search: ResponseSearch,
): Promise<boolean> {
	const form = formOf(flags);
	const {rowids, isUnranked} = findResponses(log, search);
	const rows = readResponses(
		log,
		search.words === undefined ? rowids.toReversed() : rowids,
		textLengthOf(form, flags.truncate),
	);
	const texts = listingForms[form](rows, {
		hasUsage: flags.usage,
		isTruncated: flags.truncate,
		hasRole: search.role === null,
		hasConfidence: search.confidence !== undefined,
		width: widthOf(place),
	});
	let isAnything = false;

	for (const text of texts) {
		const shown = place.stdout.isTTY ? plain(text) : text;
		isAnything = true;

		// What is written waits in memory until somebody reads it.
		if (!(await isWritten(place.stdout, shown))) {
			break;
		}
	}

	if (isUnranked && rowids.length > 0) {
		place.stderr.write(
			paragraph(
				'These words are too common in this log to weigh the matches: those with them in the question come first, then the others, each from the latest on.',
				place.stderr,
			),
		);
	}

	return isAnything;
}

/**
False when nobody reads any more.
*/
async function isWritten(
	stdout: Place['stdout'],
	text: string,
): Promise<boolean> {
	return new Promise(resolve => {
		stdout.write(text, error => {
			resolve(!error);
		});
	});
}

function nothing(flags: LogsCall['flags']): string {
	if (flags.extract || flags.xl) {
		return 'No answer there has a fenced block.';
	}

	if (!isSelective(flags) && flags.role === undefined) {
		return 'Nothing is in the log yet.';
	}

	return flags.role === undefined
		? 'Nothing matches among the final answers; with --role all, members and arbiters are looked at too.'
		: 'Nothing in the log matches.';
}
