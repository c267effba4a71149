import {lstatSync} from 'node:fs';
import {prepareFile, writeWhole} from '../output/whole-file.js';
import {type Place} from './command.js';
import {confirm} from './confirm.js';

/**
Write a file a person named, and ask before one that is there is lost: whether it was written.

@throws UserError when it cannot be written, or nobody can be asked.
*/
export async function writeAsked(
	place: Place,
	file: string,
	text: string,
	isForced: boolean,
): Promise<boolean> {
	await prepareFile(file);
	const isWanted =
		isForced ||
		!lstatSync(file, {throwIfNoEntry: false}) ||
		(await confirm(place, `The file ${file} exists. Overwrite it?`));

	if (isWanted) {
		await writeWhole(file, text);
	} else {
		place.stderr.write('Nothing was written.\n');
	}

	return isWanted;
}
