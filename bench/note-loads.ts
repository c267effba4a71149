import {appendFileSync} from 'node:fs';
import {registerHooks} from 'node:module';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

/*
Loaded before a program: writes the path of each module that is loaded into the file named in `BENCH_LOADS`, at once, so that it can be read while the program runs.
*/

registerHooks({
	load(url, context, nextLoad) {
		if (url.startsWith('file:')) {
			appendFileSync(process.env['BENCH_LOADS']!, `${fileURLToPath(url)}\n`);
		}

		return nextLoad(url, context);
	},
});
