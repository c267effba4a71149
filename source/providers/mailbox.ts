/**
Carries what a callback is told into a stream.
*/
export type Mailbox<Mail> = {
	readonly put: (mail: Mail) => void;

	/**
	All mail, as it comes, until `work` has settled either way.
	*/
	readonly until: (work: Promise<unknown>) => AsyncGenerator<Mail, void, void>;
};

export function createMailbox<Mail>(): Mailbox<Mail> {
	const mails: Mail[] = [];
	let news = Promise.withResolvers<boolean>();

	return {
		put(mail) {
			mails.push(mail);
			news.resolve(false);
		},

		async *until(work) {
			const settled = Promise.allSettled([work]).then(() => true);

			for (let isOver = false; !isOver;) {
				isOver = await Promise.race([settled, news.promise]);
				news = Promise.withResolvers<boolean>();
				yield* mails.splice(0);
			}
		},
	};
}
