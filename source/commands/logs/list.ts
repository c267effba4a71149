import {
	findResponses,
	type ResponseSearch,
} from '../../store/find-responses.js';
import {type Log} from '../../store/log.js';
import {readResponses} from '../../store/responses.js';
import {shortIds} from '../../store/short-ids.js';
import {plain} from '../../text/plain.js';
import {type Place} from '../command.js';
import {paragraph, widthOf} from '../table.js';
import {withLog} from '../with-log.js';
import {noWords} from '../words.js';
import {listingForms, textLengthOf} from './listing-forms.js';
import {listingTable, wantedOf} from './listing-table.js';
import {formOf, requestOf} from './listing-request.js';
import {type LogsCall} from './logs-call.js';
import {whyNothing} from './why-nothing.js';

/**
Characters of a prompt or response of which a table may show the beginning.
*/
const excerptLength = 500;

/**
Responses that flags ask for, the latest last, or the best match first.
*/
export async function list(call: LogsCall): Promise<number> {
	const {input, flags, place, usage} = call;
	noWords(input, usage);
	const form = formOf(flags);
	const request = requestOf(flags);
	const why = await withLog(place, async log => {
		const search = request(log);
		return (await print(call, log, search)) || form === 'json'
			? ''
			: whyNothing(flags, log, search);
	});

	if (why === null && form === 'json') {
		place.stdout.write('[]\n');
	} else if (why !== '') {
		place.stderr.write(
			paragraph(why ?? 'Nothing is in the log yet.', place.stderr),
		);
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
	const inOrder = search.words === undefined ? rowids.toReversed() : rowids;
	const options = {
		hasUsage: flags.usage,
		isTruncated: flags.truncate,
		hasRole: search.role === null,
		hasConfidence: search.confidence !== undefined,
		width: widthOf(place),
		shortId: shortIds(log),
	};
	const texts =
		form === 'table'
			? listingTable(
					readResponses(log, inOrder, {
						length: excerptLength,
						wanted: wantedOf(options),
					}),
					options,
				)
			: listingForms[form](
					readResponses(log, inOrder, {
						length: textLengthOf(form, flags.truncate),
					}),
					options,
				);
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
				'These words are too common in this log to weigh the matches: the latest come first.',
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
