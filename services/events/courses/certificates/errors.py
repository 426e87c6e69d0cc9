"""Why something about a certificate is refused."""

from shared.errors import Conflict, DomainError, NotFound


class CertificateUnknown(NotFound):
    code = "certificate.unknown"
    vi = "Không có chứng nhận nào mang số này."
    en = "There is no certificate with this number."


class CertificateRevoked(Conflict):
    code = "certificate.revoked"
    vi = "Chứng nhận này đã bị thu hồi."
    en = "This certificate has been revoked."


class CertificateNameless(Conflict):
    code = "certificate.nameless"
    vi = "Chứng nhận chưa có họ tên để in."
    en = "This certificate has no name to print yet."


class CertificateNamed(Conflict):
    code = "certificate.named"
    vi = "Họ tên trên chứng nhận đã được nhập. Nếu cần sửa, hãy liên hệ ban tổ chức."
    en = "The name on the certificate is set. To correct it, please contact the organisers."


class NameUnprintable(DomainError):
    status = 422
    code = "certificate.name_unprintable"
    vi = "Họ tên có ký tự không in được ({character}). Hãy dùng chữ Latinh."
    en = "The name has a character that cannot be printed ({character}). Please use Latin letters."


class NotReached(Conflict):
    code = "certificate.not_reached"
    vi = "Có người chưa tham dự đủ số buổi tối thiểu ({registration_id})."
    en = "Somebody has not reached the minimum attendance ({registration_id})."
