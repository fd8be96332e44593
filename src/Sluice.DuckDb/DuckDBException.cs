using System.Data.Common;

namespace Sluice.DuckDb;

/// <summary>An error that DuckDB reported.</summary>
public sealed class DuckDBException : DbException
{
    /// <summary>Makes an error without a message.</summary>
    public DuckDBException()
    {
    }

    /// <summary>Makes an error; its type and the holder of a lock are read out of the message.</summary>
    public DuckDBException(string message)
        : this(message, DuckDBErrorType.Invalid)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public DuckDBException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an error of a type; <see cref="DuckDBErrorType.Invalid"/> means: see the message.</summary>
    public DuckDBException(string message, DuckDBErrorType errorType)
        : base(message)
    {
        ErrorType = errorType == DuckDBErrorType.Invalid ? DuckDBErrorMessage.TypeOf(message) : errorType;
        (LockHolder, LockHolderPid) = DuckDBErrorMessage.LockHolderOf(message);
    }

    /// <summary>The kind of error, as DuckDB tells it or as its message begins.</summary>
    public DuckDBErrorType ErrorType { get; }

    /// <summary>The process id that holds the database file, when the error is a lock conflict that tells it.</summary>
    public int? LockHolderPid { get; }

    /// <summary>The program that holds the database file, when the error is a lock conflict that tells it.</summary>
    public string? LockHolder { get; }

    /// <summary>True for a lock or transaction conflict: the same call can succeed later.</summary>
    public override bool IsTransient => LockHolderPid is not null || ErrorType == DuckDBErrorType.Transaction;
}
