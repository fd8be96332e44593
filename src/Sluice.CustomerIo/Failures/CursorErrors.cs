namespace Sluice.CustomerIo.Failures;

internal static class CursorErrors
{
    public static CustomerIoException Repeated(string endpoint, Page page)
    {
        const string Hint = "Start this list again; if it happens again, report it to Customer.io with the endpoint and the time.";
        string cursor = Redactor.Cut(page.Next!);
        return new CustomerIoException(
            CustomerIoErrorKind.Cursor,
            endpoint,
            $"{endpoint} gave the cursor \"{cursor}\" a second time on page {page.Number}: going on would loop. {Hint}")
        {
            IsTransient = true,
            Hint = Hint,
        };
    }

    public static CustomerIoException RepeatedPage(string endpoint, string parameter, Page page)
    {
        const string Hint = "The list may have changed while it was read: start it again; if it happens again, report it to Customer.io.";
        return new CustomerIoException(
            CustomerIoErrorKind.Cursor,
            endpoint,
            $"{endpoint} gave the same records a second time for {parameter}={page.Cursor}: going on would loop. {Hint}")
        {
            IsTransient = true,
            Hint = Hint,
        };
    }
}
